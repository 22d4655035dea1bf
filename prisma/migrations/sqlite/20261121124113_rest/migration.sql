-- AlterTable
ALTER TABLE "Terminal" ADD COLUMN "restedAt" DATETIME;

-- CreateTable
CREATE TABLE "Setting" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);
