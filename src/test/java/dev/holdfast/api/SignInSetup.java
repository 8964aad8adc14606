package dev.holdfast.api;

import java.util.Map;

/** Changes the identity provider for a test, as if the operator had started with these variables. */
public final class SignInSetup {
    private SignInSetup() {}

    public static void use(SignIn signIn, Map<String, String> variables) {
        signIn.configure(OidcSettings.read(name -> variables.getOrDefault(name, "")));
    }
}
