package dev.holdfast.desired;

import dev.holdfast.model.Revision;
import dev.holdfast.model.TrustedKey;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Commits revisions to a store. A reader sees either the former revision or the new one as a whole. */
public final class Publisher {
    private Publisher() {}

    /** Another publisher committed to the stack between our read of its head and our write. Nothing was overwritten. */
    public static final class ConflictException extends RuntimeException {
        ConflictException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Publishes a revision without a signature. */
    public static Head publish(
            ObjectStore store, Revision revision, String author, String message, @Nullable String commit, Clock clock) {
        return publish(store, revision, new Commit(author, message, commit), null, clock);
    }

    /** @param commit the commit in the version control system, if known */
    public record Commit(
            String author, String message, @Nullable String commit) {}

    /**
     * Writes the revision and then makes it the stack's head, if no other publisher changed the head meanwhile. A
     * revision that is the head already is not committed again, unless the signer has not signed it yet.
     *
     * @param signer null: the head is not signed
     * @return the head afterwards
     * @throws ConflictException if another publisher was faster
     */
    public static Head publish(
            ObjectStore store, Revision revision, Commit commit, @Nullable HeadSigner signer, Clock clock) {
        return publish(look(store, revision.settings().name()), revision, commit, signer, clock);
    }

    /**
     * The head of a stack as it was read. A plan is based on this head, and the next commit follows it.
     *
     * @param head null: there is no head, or the object is not a head
     */
    public record SeenHead(
            ObjectStore store,
            String stack,
            ObjectStore.@Nullable Stored stored,
            @Nullable Head head) {
        /** Whether publishing the revision would change nothing. */
        public boolean isAlready(Revision revision, @Nullable HeadSigner signer) {
            return head != null
                    && head.revision().equals(revision.sha256())
                    && (signer == null || isSigned(store, stack, head, signer));
        }
    }

    public static SeenHead look(ObjectStore store, String stack) {
        ObjectStore.Stored stored = store.get(PublishedKeys.head(stack));
        return new SeenHead(store, stack, stored, stored == null ? null : Head.read(stored.content()));
    }

    /**
     * Publishes a revision on top of the head that was read: a commit of another publisher since then is a conflict.
     *
     * @throws ConflictException if another publisher was faster
     */
    public static Head publish(
            SeenHead seen, Revision revision, Commit commit, @Nullable HeadSigner signer, Clock clock) {
        ObjectStore store = seen.store();
        String stack = seen.stack();
        ObjectStore.Stored stored = seen.stored();
        Head previous = seen.head();
        writeOnce(store, PublishedKeys.revision(stack, revision.sha256()), RevisionCodec.write(revision));
        if (previous != null && seen.isAlready(revision, signer)) {
            return previous;
        }
        long before =
                previous == null ? PublishedKeys.newest(store.list(PublishedKeys.histories(stack))) : previous.number();
        if (stored != null && previous != null) {
            // A publisher that loses the race below has written the same bytes here as the winner.
            writeOnce(store, PublishedKeys.history(stack, previous.number()), stored.content());
        }
        Head unsigned = new Head(
                revision.sha256(),
                previous == null ? null : previous.revision(),
                before + 1,
                commit.author(),
                commit.message(),
                commit.commit(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                null);
        Head head = signer == null
                ? unsigned
                : unsigned.signed(HeadSignature.by(signer, store.location(), stack, unsigned));
        try {
            store.putIf(PublishedKeys.head(stack), head.write(), stored == null ? null : stored.etag());
        } catch (ObjectStore.PreconditionFailedException e) {
            throw new ConflictException(conflict(store, stack), e);
        }
        return head;
    }

    private static boolean isSigned(ObjectStore store, String stack, Head head, HeadSigner signer) {
        return head.signature() != null
                && head.signature().verifies(new TrustedKey("", signer.publicKey()), store.location(), stack, head);
    }

    /**
     * Creates the object, because a bucket may allow no overwriting here; an existing object must have the same
     * content.
     */
    private static void writeOnce(ObjectStore store, String key, byte[] content) {
        try {
            store.putIf(key, content, null);
        } catch (ObjectStore.PreconditionFailedException e) {
            ObjectStore.Stored there = store.get(key);
            if (there == null || !Arrays.equals(there.content(), content)) {
                throw new ConflictException(
                        "there is another object at " + store.location(key)
                                + ", where only publishing writes: if nobody is publishing now, delete the object and"
                                + " publish again",
                        e);
            }
        }
    }

    private static String conflict(ObjectStore store, String stack) {
        ObjectStore.Stored stored = store.get(PublishedKeys.head(stack));
        Head winner = stored == null ? null : Head.read(stored.content());
        String who = winner == null
                ? "another publisher"
                : winner.author() + " (revision " + winner.revision().substring(0, 12) + ", \"" + winner.message()
                        + "\", " + winner.time() + ")";
        return who + " has committed to the stack " + stack + " at " + store.location()
                + " meanwhile; that commit stands, and your revision was not published: review that commit and publish"
                + " again";
    }
}
