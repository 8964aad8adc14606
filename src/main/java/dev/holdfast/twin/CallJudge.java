package dev.holdfast.twin;

import org.jspecify.annotations.Nullable;

/** Decides whether a caller may make a call whose request has been read. */
@FunctionalInterface
public interface CallJudge {
    /** @return the action of IAM that the caller lacks; null: the call is carried out */
    @Nullable
    String lacks(JudgedCall call);
}
