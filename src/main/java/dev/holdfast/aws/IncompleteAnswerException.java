package dev.holdfast.aws;

import java.util.List;

/** AWS's answer has members that this version does not know. */
public final class IncompleteAnswerException extends RuntimeException {
    IncompleteAnswerException(List<String> members) {
        super("AWS's answer contains " + String.join(", ", members)
                + ", which this version of Holdfast does not know and a write would"
                + " delete: update Holdfast, or turn the setting off in AWS; after that, retry");
    }
}
