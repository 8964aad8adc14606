package dev.holdfast.model;

/**
 * A policy of the guardrails that is violated or cannot be evaluated.
 *
 * @param policy the name of the policy
 * @param message the message of the policy for people, or the reason why it cannot be evaluated
 */
public record PolicyFinding(String policy, PolicyAction action, String message) {
    /** The name of the policy and the message, in one sentence. */
    public String words() {
        return "policy " + policy + ": " + message;
    }
}
