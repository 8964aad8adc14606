package dev.holdfast.state;

import dev.holdfast.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Proves that the operator itself has stored a request in the name of a person who had signed in. Whoever may write requests
 * to the state has no key for it.
 */
public final class RequestProof {
    private RequestProof() {}

    /** The same request, which names the person and proves it. */
    static UserRequest prove(ObjectStore state, UserRequest request, String person) {
        UserRequest named = request.vouchedFor(person, null);
        return named.vouchedFor(person, SecretHasher.load(state).apply(content(named)));
    }

    /** Whether the operator has stored exactly this request. */
    public static boolean holds(ObjectStore state, UserRequest request) {
        String proof = request.proof();
        return request.person() != null
                && proof != null
                && MessageDigest.isEqual(
                        proof.getBytes(StandardCharsets.UTF_8),
                        SecretHasher.load(state).apply(content(request)).getBytes(StandardCharsets.UTF_8));
    }

    /** Without the proof; the name of the person is last, so that it cannot continue as another member. */
    private static String content(UserRequest request) {
        return "request\n" + request.id() + "\n" + request.at() + "\n" + request.act() + "\n" + request.person();
    }
}
