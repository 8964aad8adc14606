package dev.holdfast.twin.secrets;

import static dev.holdfast.twin.store.TwinErrors.named;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;

/**
 * Implements GetRandomPassword. The same seed gives the same password, because a twin has no real secrets to protect.
 */
final class RandomPassword {
    private RandomPassword() {}

    /** @param random returns a number below a bound */
    static String of(GetRandomPasswordRequest r, IntUnaryOperator random) {
        List<String> types = new ArrayList<>();
        add(types, r, r.excludeLowercase(), "abcdefghijklmnopqrstuvwxyz");
        add(types, r, r.excludeUppercase(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        add(types, r, r.excludeNumbers(), "0123456789");
        add(types, r, r.excludePunctuation(), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
        add(types, r, !Boolean.TRUE.equals(r.includeSpace()), " ");
        int length = Objects.requireNonNullElse(r.passwordLength(), 32L).intValue();
        if (types.isEmpty() || length < 1 || length > 4096) {
            throw named(
                    InvalidParameterException.builder(),
                    "The password length or the exclusions leave nothing to choose from.");
        }
        String all = String.join("", types);
        StringBuilder password = new StringBuilder();
        if (!Boolean.FALSE.equals(r.requireEachIncludedType())) {
            types.forEach(t -> password.append(t.charAt(random.applyAsInt(t.length()))));
        }
        while (password.length() < length) {
            password.insert(random.applyAsInt(password.length() + 1), all.charAt(random.applyAsInt(all.length())));
        }
        return password.substring(0, length);
    }

    private static void add(List<String> types, GetRandomPasswordRequest r, Boolean excluded, String characters) {
        if (!Boolean.TRUE.equals(excluded)) {
            StringBuilder left = new StringBuilder();
            String without = Objects.requireNonNullElse(r.excludeCharacters(), "");
            characters.chars().filter(c -> without.indexOf(c) < 0).forEach(c -> left.append((char) c));
            if (!left.isEmpty()) {
                types.add(left.toString());
            }
        }
    }
}
