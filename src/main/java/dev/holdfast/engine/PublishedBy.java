package dev.holdfast.engine;

import dev.holdfast.desired.Publication;
import dev.holdfast.desired.SignatureCheck;
import dev.holdfast.desired.SignatureCheck.SignatureState;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.Revision;
import dev.holdfast.state.KeptRevision;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has published the revision that is enforced.
 *
 * @param author as the publisher says; it is verified only if {@code signedBy} is known
 * @param commit in the version control system, if known
 * @param authors of all commits since everything was last enforced
 * @param signedBy the name that the guardrails give to the key; null: nobody whose key they list
 */
public record PublishedBy(
        long number,
        String author,
        String message,
        @Nullable String commit,
        Instant time,
        Set<String> authors,
        @Nullable String signedBy) {

    static @Nullable PublishedBy of(
            GuardrailsState guardrails, @Nullable Revision revision, @Nullable KeptRevision kept) {
        Publication published = publication(revision, kept);
        if (revision == null || published == null) {
            return null;
        }
        SignatureState signature = SignatureCheck.of(
                guardrails instanceof GuardrailsState.ActiveGuardrails active
                        ? active.guardrails().publishing()
                        : PublishingRules.NONE,
                revision,
                published);
        return new PublishedBy(
                published.head().number(),
                published.head().author(),
                published.head().message(),
                published.head().commit(),
                published.head().time(),
                kept == null ? Set.of() : kept.authors(),
                signature instanceof SignatureState.Verified(String by) ? by : null);
    }

    /** The commit of the revision, if this revision is the one that was taken up last. */
    static @Nullable Publication publication(@Nullable Revision revision, @Nullable KeptRevision kept) {
        return revision != null && kept != null && kept.sha256().equals(revision.sha256()) ? kept.published() : null;
    }

    /** In words, for the status. */
    public String words() {
        return "commit " + number + " by " + author + ", "
                + (signedBy == null ? "without a signature that the guardrails know" : "signed by " + signedBy);
    }
}
