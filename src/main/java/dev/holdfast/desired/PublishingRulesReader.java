package dev.holdfast.desired;

import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.TrustedKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rules of guardrails for publications. */
final class PublishingRulesReader {
    private PublishingRulesReader() {}

    /** @param spec the spec of guardrails, whose types were checked @param problems receives the mistakes */
    static PublishingRules read(LocatedJson.Obj spec, List<Problem> problems) {
        LocatedJson.Obj signatures = spec.object("signatures");
        List<TrustedKey> keys = signatures == null ? List.of() : keys(signatures.get("keys"), problems);
        boolean required = signatures != null && isTrue(signatures, "required");
        if (signatures != null && required && keys.isEmpty() && problems.isEmpty()) {
            problems.add(signatures
                    .location()
                    .problem(
                            "signatures are required, and no key is listed: every revision would be refused",
                            "list the public keys of the publishers"));
        }
        boolean another = isTrue(spec, "approverNotPublisher");
        LocatedJson where = spec.get("approverNotPublisher");
        if (another && !required && where != null) {
            problems.add(where.location()
                    .problem(
                            "approverNotPublisher needs signatures.required: without a signature, a publisher can"
                                    + " name any author of a revision",
                            "set signatures.required to true"));
        }
        return new PublishingRules(required, keys, another);
    }

    private static boolean isTrue(LocatedJson.Obj object, String member) {
        return object.get(member) instanceof LocatedJson.Value value
                && value.json().asBoolean();
    }

    private static List<TrustedKey> keys(@Nullable LocatedJson list, List<Problem> problems) {
        List<TrustedKey> keys = new ArrayList<>();
        if (!(list instanceof LocatedJson.Arr all)) {
            return keys;
        }
        for (LocatedJson element : all.elements()) {
            LocatedJson.Obj one = (LocatedJson.Obj) element;
            String name = String.valueOf(one.text("name"));
            LocatedJson text = one.get("publicKey");
            PublicKey key = text == null ? null : SignatureScheme.publicKey(String.valueOf(text.text()));
            if (text != null && key == null) {
                problems.add(text.location()
                        .problem(
                                "expected the public key of " + SignatureScheme.ACCEPTED + ", in PEM",
                                "print the key with 'openssl pkey -pubout' or 'aws kms get-public-key'"));
            } else if (key != null
                    && keys.stream()
                            .anyMatch(k -> k.key().equals(key) || k.name().equals(name))) {
                problems.add(one.location()
                        .problem("the key or the name " + name + " is listed twice", "remove one of them"));
            } else if (key != null) {
                keys.add(new TrustedKey(name, key));
            }
        }
        return keys;
    }
}
