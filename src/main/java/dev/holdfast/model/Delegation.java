package dev.holdfast.model;

import java.util.Set;

/**
 * Another controller is entitled to write a resource while a certain mode is on.
 *
 * @param owner the other controller, in words
 * @param mode the observed value that entitles it, {@code deploymentConfiguration.strategy is BLUE_GREEN}
 * @param declared the document asks for that mode: the resource itself stays ours, and what leads requests to it does not
 * @param moves physical ids of other objects that the owner writes
 */
public record Delegation(String owner, String mode, boolean declared, Set<String> moves) {
    /** The owner and its right, as people read it. */
    public String words() {
        return owner + " owns it while " + mode;
    }
}
