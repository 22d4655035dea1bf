-- AlterTable
ALTER TABLE "Terminal" ADD COLUMN     "restedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "Setting" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("name")
);
