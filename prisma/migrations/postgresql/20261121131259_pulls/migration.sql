-- CreateTable
CREATE TABLE "Forge" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "account" JSONB,
    "trouble" JSONB,
    "secrets" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Forge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Pull" (
    "id" TEXT NOT NULL,
    "repositoryId" TEXT NOT NULL,
    "sessionId" TEXT,
    "attributedBy" TEXT,
    "evidence" TEXT,
    "unlinkedFrom" JSONB NOT NULL,
    "facts" JSONB,
    "url" TEXT NOT NULL,
    "formerBases" JSONB NOT NULL,
    "seenAt" TIMESTAMP(3),
    "lookFailure" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Pull_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MadeCommit" (
    "sessionId" TEXT NOT NULL,
    "sha" TEXT NOT NULL,

    CONSTRAINT "MadeCommit_pkey" PRIMARY KEY ("sessionId","sha")
);

-- CreateTable
CREATE TABLE "PullClaim" (
    "pullId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PullClaim_pkey" PRIMARY KEY ("pullId","kind","signature")
);

-- CreateTable
CREATE TABLE "Nudge" (
    "id" TEXT NOT NULL,
    "pullId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "doneAt" TIMESTAMP(3),
    "settledAt" TIMESTAMP(3),

    CONSTRAINT "Nudge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PullLook" (
    "repositoryId" TEXT NOT NULL,
    "cursor" TEXT NOT NULL,

    CONSTRAINT "PullLook_pkey" PRIMARY KEY ("repositoryId")
);

-- CreateIndex
CREATE UNIQUE INDEX "Forge_userId_url_key" ON "Forge"("userId", "url");

-- CreateIndex
CREATE INDEX "Pull_sessionId_idx" ON "Pull"("sessionId");

-- CreateIndex
CREATE UNIQUE INDEX "Pull_repositoryId_url_key" ON "Pull"("repositoryId", "url");

-- CreateIndex
CREATE INDEX "MadeCommit_sha_idx" ON "MadeCommit"("sha");

-- CreateIndex
CREATE UNIQUE INDEX "Nudge_pullId_kind_signature_key" ON "Nudge"("pullId", "kind", "signature");

-- AddForeignKey
ALTER TABLE "Forge" ADD CONSTRAINT "Forge_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Pull" ADD CONSTRAINT "Pull_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Pull" ADD CONSTRAINT "Pull_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MadeCommit" ADD CONSTRAINT "MadeCommit_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PullClaim" ADD CONSTRAINT "PullClaim_pullId_fkey" FOREIGN KEY ("pullId") REFERENCES "Pull"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Nudge" ADD CONSTRAINT "Nudge_pullId_fkey" FOREIGN KEY ("pullId") REFERENCES "Pull"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PullLook" ADD CONSTRAINT "PullLook_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;
