package dev.holdfast.policy;

/**
 * A mistake in a policy.
 *
 * @param index the index of the policy in its list, from 0
 * @param member the pointer to the member of the policy that is wrong: {@code /expression}
 * @param hint the way to correct the mistake
 */
public record PolicyMistake(int index, String member, String message, String hint) {}
