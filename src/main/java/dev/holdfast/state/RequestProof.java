package dev.holdfast.state;

import dev.holdfast.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Proves that the operator itself has stored a request in the name of a person who had signed in. Other principals that
 * may write requests to the state do not have the key.
 */
public final class RequestProof {
    private RequestProof() {}

    /** The request with the name of the person and the proof. */
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

    /**
     * The text that the proof covers. The name of the person is last, so that a line break in it cannot forge another
     * member.
     */
    private static String content(UserRequest request) {
        return "request\n" + request.id() + "\n" + request.at() + "\n" + request.act() + "\n" + request.person();
    }
}
