-- AlterTable
ALTER TABLE "Session" ADD COLUMN "adoptedFrom" TEXT;
