// `<url> <folder of migrations>`: migrates and prints the names of what it applied, as JSON.
import { migrate } from "../migrate";
import { connectForMigrations } from "./connect-for-migrations";

const [url = "", folder = ""] = process.argv.slice(2);
const connection = await connectForMigrations(url);
console.log(JSON.stringify(await migrate(connection, folder).finally(connection.close)));
