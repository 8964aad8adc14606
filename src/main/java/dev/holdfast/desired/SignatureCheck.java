package dev.holdfast.desired;

import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.Revision;
import dev.holdfast.model.TrustedKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks whether the guardrails accept the signature of a revision. Pure. */
public final class SignatureCheck {
    private SignatureCheck() {}

    /** The signature of a publication. */
    public sealed interface SignatureState {
        /** @param by the name of the key */
        record Verified(String by) implements SignatureState {}

        /** @param why the reason, in words */
        record Unverified(String why, String hint) implements SignatureState {}
    }

    /** @param published null: the source has no commits */
    public static SignatureState of(PublishingRules rules, Revision revision, @Nullable Publication published) {
        if (published == null) {
            return new SignatureState.Unverified(
                    "a directory or a synced prefix cannot be signed", "publish with 'holdfast publish --sign'");
        }
        String stack = revision.settings().name();
        SignatureState state = of(rules, stack, published);
        return state instanceof SignatureState.Verified(String by)
                        && !published.head().revision().equals(revision.sha256())
                ? changed(stack, published, by)
                : state;
    }

    private static SignatureState of(PublishingRules rules, String stack, Publication published) {
        Head head = published.head();
        HeadSignature signature = head.signature();
        if (signature == null) {
            return new SignatureState.Unverified(
                    "commit " + head.number() + " is not signed", "publish with 'holdfast publish --sign'");
        }
        TrustedKey key = rules.keys().stream()
                .filter(k -> k.fingerprint().equals(signature.key()))
                .findFirst()
                .orElse(null);
        if (key == null) {
            return new SignatureState.Unverified(
                    "commit " + head.number() + " is signed with the key " + signature.key()
                            + ", which is none of the guardrails' keys (" + rules.names() + ")",
                    "publish with one of these keys");
        }
        return signature.verifies(key, published.location(), stack, head)
                ? new SignatureState.Verified(key.name())
                : changed(stack, published, key.name());
    }

    private static SignatureState changed(String stack, Publication published, String key) {
        return new SignatureState.Unverified(
                "the signature of commit " + published.head().number() + " does not verify with the key " + key
                        + " for the stack " + stack + " at " + published.location()
                        + ": the head was changed after it was signed, or it was signed for another stack, place"
                        + " or commit",
                "find out who wrote the head, and publish again");
    }

    /** Why the guardrails do not accept the signature of a commit; null if they accept it, or require no signature. */
    static @Nullable String doubt(GuardrailsState state, String stack, Publication published) {
        return state instanceof GuardrailsState.ActiveGuardrails active
                        && active.guardrails().publishing().signed()
                        && of(active.guardrails().publishing(), stack, published)
                                instanceof SignatureState.Unverified(String why, String hint)
                ? why
                : null;
    }

    /** The problem of a revision whose signature the guardrails do not accept; empty if there is none. */
    public static List<Problem> check(GuardrailsState state, Revision revision, @Nullable Publication published) {
        if (!(state instanceof GuardrailsState.ActiveGuardrails active)) {
            return List.of();
        }
        PublishingRules rules = active.guardrails().publishing();
        return rules.signed()
                        && of(rules, revision, published) instanceof SignatureState.Unverified(String why, String hint)
                ? List.of(new Problem(
                        "stack " + revision.settings().name(),
                        1,
                        1,
                        "",
                        "the guardrails of " + active.location() + " require a signature, and " + why,
                        hint))
                : List.of();
    }
}
