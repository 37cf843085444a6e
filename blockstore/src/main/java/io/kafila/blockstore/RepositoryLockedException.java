package io.kafila.blockstore;

/** A repository that another process holds. The message names the lock file. */
public final class RepositoryLockedException extends BlockstoreException {
    private static final long serialVersionUID = 1L;

    public RepositoryLockedException(String message) {
        super(message);
    }
}
