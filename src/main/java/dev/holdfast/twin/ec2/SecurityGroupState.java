package dev.holdfast.twin.ec2;

import java.util.List;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/**
 * A security group as EC2 keeps it: each rule by itself, with an id of its own.
 *
 * @param head without its rules
 */
record SecurityGroupState(SecurityGroup head, List<SecurityGroupRule> rules) {
    SecurityGroupState {
        rules = List.copyOf(rules);
    }

    String id() {
        return head.groupId();
    }

    boolean refersTo(String groupId) {
        return rules.stream()
                .anyMatch(r -> r.referencedGroupInfo() != null
                        && groupId.equals(r.referencedGroupInfo().groupId()));
    }
}
