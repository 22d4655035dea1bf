-- AlterTable
ALTER TABLE "Pull" ADD COLUMN     "movedFor" JSONB;

-- AlterTable
ALTER TABLE "PullLook" ADD COLUMN     "path" TEXT,
ADD COLUMN     "trouble" JSONB,
ALTER COLUMN "cursor" DROP NOT NULL;
