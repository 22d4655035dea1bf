-- AlterTable
ALTER TABLE "Pull" ADD COLUMN "movedFor" JSONB;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_PullLook" (
    "repositoryId" TEXT NOT NULL PRIMARY KEY,
    "cursor" TEXT,
    "path" TEXT,
    "trouble" JSONB,
    CONSTRAINT "PullLook_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_PullLook" ("cursor", "repositoryId") SELECT "cursor", "repositoryId" FROM "PullLook";
DROP TABLE "PullLook";
ALTER TABLE "new_PullLook" RENAME TO "PullLook";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
