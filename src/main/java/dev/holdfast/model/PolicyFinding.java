package dev.holdfast.model;

/**
 * A policy of the guardrails that something does not comply with.
 *
 * @param policy its name
 * @param message what it says to people, or why it cannot be evaluated
 */
public record PolicyFinding(String policy, PolicyAction action, String message) {
    /** In one sentence, with the name of the policy. */
    public String words() {
        return "policy " + policy + ": " + message;
    }
}
