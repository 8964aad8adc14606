package dev.holdfast.twin;

import java.util.List;

/** The twin of one AWS service: beside the SDK's client interface it can say what exists. */
public interface TwinService {
    /** Everything that exists now, visible or not yet, and also what AWS made by itself. */
    List<TwinItem> inventory();
}
