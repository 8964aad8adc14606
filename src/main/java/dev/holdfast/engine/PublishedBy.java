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
 * The publication of the enforced revision.
 *
 * @param author the name that the publisher gave; it is verified only if {@code signedBy} is set
 * @param commit the commit in the version control system, if known
 * @param authors the authors of all commits since everything was last enforced
 * @param authorsKnown whether {@code authors} is complete; the history of the commits may be unreadable
 * @param signedBy the name that the guardrails give to the signing key; null if they list no such key
 */
public record PublishedBy(
        long number,
        String author,
        String message,
        @Nullable String commit,
        Instant time,
        Set<String> authors,
        boolean authorsKnown,
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
                kept == null || kept.unknownAfter() == null,
                signature instanceof SignatureState.Verified(String by) ? by : null);
    }

    /** The publication of the revision, if this revision was enforced last. */
    static @Nullable Publication publication(@Nullable Revision revision, @Nullable KeptRevision kept) {
        return revision != null && kept != null && kept.sha256().equals(revision.sha256()) ? kept.published() : null;
    }

    /** The publication as text for the status. */
    public String words() {
        return "commit " + number + " by " + author + ", "
                + (signedBy == null ? "without a signature by a key of the guardrails" : "signed by " + signedBy);
    }
}
