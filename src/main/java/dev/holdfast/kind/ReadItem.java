package dev.holdfast.kind;

import java.util.List;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** An item that combines several of AWS's shapes. It has no members: the detail of the recipe supplies the shapes. */
public interface ReadItem extends SdkPojo {
    @Override
    default List<SdkField<?>> sdkFields() {
        return List.of();
    }
}
