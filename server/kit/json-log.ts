import { type Logger, pino } from "pino";
import type { Log } from "./log";

/** JSON lines on stderr, or for a person's eyes where stderr is a terminal. stdout is for the one ready line alone. */
export async function createJsonLog(level: string): Promise<Log> {
  const destination = process.stderr.isTTY
    ? (await import("pino-pretty")).default({ destination: 2, sync: true, ignore: "pid,hostname" })
    : pino.destination({ dest: 2, sync: true });
  return over(pino({ level, base: null, serializers: { error: pino.stdSerializers.errWithCause } }, destination));
}

function over(logger: Logger): Log {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    child: (fields) => over(logger.child(fields)),
  };
}
