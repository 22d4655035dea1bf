-- CreateTable
CREATE TABLE "Forge" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "account" JSONB,
    "trouble" JSONB,
    "secrets" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Forge_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Pull" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "sessionId" TEXT,
    "attributedBy" TEXT,
    "evidence" TEXT,
    "unlinkedFrom" JSONB NOT NULL,
    "facts" JSONB,
    "url" TEXT NOT NULL,
    "formerBases" JSONB NOT NULL,
    "seenAt" DATETIME,
    "lookFailure" JSONB,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Pull_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Pull_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "MadeCommit" (
    "sessionId" TEXT NOT NULL,
    "sha" TEXT NOT NULL,

    PRIMARY KEY ("sessionId", "sha"),
    CONSTRAINT "MadeCommit_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PullClaim" (
    "pullId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("pullId", "kind", "signature"),
    CONSTRAINT "PullClaim_pullId_fkey" FOREIGN KEY ("pullId") REFERENCES "Pull" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Nudge" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "pullId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "doneAt" DATETIME,
    "settledAt" DATETIME,
    CONSTRAINT "Nudge_pullId_fkey" FOREIGN KEY ("pullId") REFERENCES "Pull" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PullLook" (
    "repositoryId" TEXT NOT NULL PRIMARY KEY,
    "cursor" TEXT NOT NULL,
    CONSTRAINT "PullLook_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE CASCADE ON UPDATE CASCADE
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
