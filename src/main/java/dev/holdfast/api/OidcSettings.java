package dev.holdfast.api;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The identity provider of the people, and the claims that give each role.
 *
 * @param issuer the provider, whose {@code /.well-known/openid-configuration} is read
 * @param client the id under which the provider knows this operator
 * @param secret the secret of the client; null for a public client
 * @param audience the audience that the tokens of programs must have
 * @param claims the path of the claim that has the roles, and the name of the claim that has the person's name
 * @param https whether people reach the operator through a proxy that speaks TLS
 */
record OidcSettings(
        String issuer, String client, @Nullable String secret, String audience, OidcClaims claims, boolean https) {

    /** @param values the values of the claim that give each role */
    record OidcClaims(String roles, String name, Map<AccessRole, Set<String>> values) {
        /** @param held the values that the claim has for a person */
        Set<AccessRole> roles(Set<String> held) {
            EnumSet<AccessRole> given = EnumSet.noneOf(AccessRole.class);
            values.forEach((role, names) -> {
                if (names.stream().anyMatch(held::contains)) {
                    given.add(role);
                }
            });
            return given;
        }
    }

    /**
     * @param variables returns the empty string for a variable that is not set
     * @return null if people do not sign in
     * @throws IllegalArgumentException if a variable is missing
     */
    static @Nullable OidcSettings read(UnaryOperator<String> variables) {
        String issuer = variables.apply("HOLDFAST_OIDC_ISSUER").strip();
        if (issuer.isEmpty()) {
            return null;
        }
        String client = variables.apply("HOLDFAST_OIDC_CLIENT_ID").strip();
        if (client.isEmpty()) {
            throw new IllegalArgumentException("HOLDFAST_OIDC_ISSUER needs HOLDFAST_OIDC_CLIENT_ID");
        }
        String secret = variables.apply("HOLDFAST_OIDC_CLIENT_SECRET").strip();
        Map<AccessRole, Set<String>> values = new EnumMap<>(AccessRole.class);
        values.put(AccessRole.READ, names(variables.apply("HOLDFAST_OIDC_READ"), "holdfast-read"));
        values.put(AccessRole.OPERATE, names(variables.apply("HOLDFAST_OIDC_OPERATE"), "holdfast-operate"));
        values.put(AccessRole.APPROVE, names(variables.apply("HOLDFAST_OIDC_APPROVE"), "holdfast-approve"));
        return new OidcSettings(
                issuer,
                client,
                secret.isEmpty() ? null : secret,
                or(variables.apply("HOLDFAST_OIDC_AUDIENCE"), client),
                new OidcClaims(
                        or(variables.apply("HOLDFAST_OIDC_ROLES_CLAIM"), "groups"),
                        or(variables.apply("HOLDFAST_OIDC_NAME_CLAIM"), "email"),
                        values),
                variables.apply("HOLDFAST_HTTPS").strip().equals("true"));
    }

    private static String or(String value, String otherwise) {
        return value.isBlank() ? otherwise : value.strip();
    }

    private static Set<String> names(String list, String otherwise) {
        return Arrays.stream(or(list, otherwise).split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Leaves out the secret. */
    @Override
    public String toString() {
        return "OidcSettings[issuer=" + issuer + ", client=" + client + "]";
    }
}
