package dev.holdfast.engine;

import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.state.KeptRevision;
import dev.holdfast.state.RequestProof;
import dev.holdfast.state.StackState;
import dev.holdfast.state.UserRequest;
import dev.holdfast.store.ObjectStore;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the guardrail {@code approverNotPublisher}: only a person who has signed in may approve, and not a change
 * that this person has published.
 */
record ApproverRule(Supplier<GuardrailsState> guardrails, ObjectStore state) {
    static ApproverRule of(EngineContext context) {
        return new ApproverRule(context.guardrails(), context.store());
    }

    /** @return why the request is refused, or null */
    @Nullable
    String refusal(StackState stack, UserRequest request) {
        KeptRevision kept = stack.revision();
        return refusal(
                kept == null ? Set.of() : kept.authors(),
                kept == null || kept.unknownAfter() == null,
                requires() && RequestProof.holds(state, request) ? request.person() : null);
    }

    /**
     * @param known whether {@code authors} is complete
     * @param person the approver who has signed in; null: nobody has signed in
     */
    @Nullable
    String refusal(Set<String> authors, boolean known, @Nullable String person) {
        if (guardrails.get() instanceof GuardrailsState.UnreadableGuardrails unreadable) {
            return "nothing can be approved, because " + unreadable.words();
        }
        if (!requires()) {
            return null;
        }
        if (person == null) {
            return "the guardrails require that the approver is not the publisher (approverNotPublisher), but this"
                    + " approval is not from a person who has signed in: an AWS identity or the API token does not"
                    + " identify a person. Sign in at the status page, or use a token of the identity provider";
        }
        boolean published = authors.stream().anyMatch(author -> author.strip().equalsIgnoreCase(person));
        if (!published && !known) {
            return "the guardrails require that the approver is not the publisher (approverNotPublisher), and the authors"
                    + " of some commits are unknown, because the history of the stack cannot be read completely: the"
                    + " event AuthorsUnknown names the commits";
        }
        return published
                ? "the guardrails require that the approver is not the publisher (approverNotPublisher), and " + person
                        + " has published the change that waits: another person has to approve it"
                : null;
    }

    private boolean requires() {
        return guardrails.get() instanceof GuardrailsState.ActiveGuardrails active
                && active.guardrails().publishing().approverNotPublisher();
    }
}
