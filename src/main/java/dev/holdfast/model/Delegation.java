package dev.holdfast.model;

import java.util.Set;

/**
 * The right of another controller to write a resource while a certain mode is on.
 *
 * @param owner the other controller, in words
 * @param mode the observed value that grants the right: {@code deploymentConfiguration.strategy is BLUE_GREEN}
 * @param declared whether the document sets that mode: then the resource itself stays ours, and the objects that route
 *     requests to the resource do not
 * @param moves physical ids of other objects that the owner writes
 */
public record Delegation(String owner, String mode, boolean declared, Set<String> moves) {
    /** The owner and its right, in words. */
    public String words() {
        return owner + " owns it while " + mode;
    }
}
