package dev.holdfast.kinds.secretsmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kinds.secretsmanager.SecretKind.GenerateSecretString;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Generates secret values within Holdfast, so that no answer of AWS ever contains a value. */
final class SecretValues {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();

    private SecretValues() {}

    /**
     * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html">The rules</a>
     * @throws IllegalArgumentException if the rules leave nothing to choose from, or the template is no JSON object
     */
    static String generate(GenerateSecretString rules) {
        String password = password(rules);
        if (rules.generateStringKey() == null && rules.secretStringTemplate() == null) {
            return password;
        }
        ObjectNode value = template(Objects.requireNonNullElse(rules.secretStringTemplate(), "{}"));
        return value.put(Objects.requireNonNullElse(rules.generateStringKey(), "password"), password)
                .toString();
    }

    private static ObjectNode template(String text) {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            // The exception is dropped because its message quotes the template.
            node = null;
        }
        if (!(node instanceof ObjectNode object)) {
            throw new IllegalArgumentException("secretStringTemplate is not a JSON object");
        }
        return object;
    }

    private static String password(GenerateSecretString rules) {
        List<String> types = new ArrayList<>();
        add(types, rules, rules.excludeLowercase(), "abcdefghijklmnopqrstuvwxyz");
        add(types, rules, rules.excludeUppercase(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        add(types, rules, rules.excludeNumbers(), "0123456789");
        add(types, rules, rules.excludePunctuation(), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
        add(types, rules, !Boolean.TRUE.equals(rules.includeSpace()), " ");
        boolean each = !Boolean.FALSE.equals(rules.requireEachIncludedType());
        int length = Objects.requireNonNullElse(rules.passwordLength(), 32);
        if (types.isEmpty() || length < (each ? types.size() : 1) || length > 4096) {
            throw new IllegalArgumentException(
                    "generateSecretString excludes all characters, or passwordLength is too short for one character of"
                            + " each type, or above 4096");
        }
        String all = String.join("", types);
        char[] password = new char[length];
        for (int i = 0; i < length; i++) {
            password[i] = one(each && i < types.size() ? types.get(i) : all);
        }
        // A Fisher-Yates shuffle: otherwise the position of the first characters would reveal their type.
        for (int i = length - 1; i > 0; i--) {
            int j = RANDOM.nextInt(i + 1);
            char c = password[i];
            password[i] = password[j];
            password[j] = c;
        }
        return new String(password);
    }

    private static char one(String characters) {
        return characters.charAt(RANDOM.nextInt(characters.length()));
    }

    private static void add(
            List<String> types, GenerateSecretString rules, @Nullable Boolean excluded, String characters) {
        String without = Objects.requireNonNullElse(rules.excludeCharacters(), "");
        StringBuilder left = new StringBuilder();
        characters.chars().filter(c -> without.indexOf(c) < 0).forEach(c -> left.append((char) c));
        if (!Boolean.TRUE.equals(excluded) && !left.isEmpty()) {
            types.add(left.toString());
        }
    }
}
