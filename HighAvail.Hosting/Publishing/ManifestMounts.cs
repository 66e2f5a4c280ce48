using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Publishing;

/// <summary>What a container sees from outside, in a manifest.</summary>
internal static class ManifestMounts
{
    internal static void Write(ManifestPublishingContext context, ContainerResource container)
    {
        Write("bindMounts", ContainerMountType.BindMount, mount =>
        {
            context.Writer.WriteString("source", context.GetManifestRelativePath(mount.Source));
            context.Writer.WriteString("target", mount.Target.Replace('\\', '/'));
        });
        Write("volumes", ContainerMountType.Volume, mount =>
        {
            // An anonymous volume has no name.
            if (mount.Source is not null)
            {
                context.Writer.WriteString("name", mount.Source);
            }

            context.Writer.WriteString("target", mount.Target);
        });

        void Write(string property, ContainerMountType type, Action<ContainerMountAnnotation> describe)
        {
            var mounts = container.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == type).ToArray();
            if (mounts.Length == 0)
            {
                return;
            }

            context.Writer.WriteStartArray(property);
            foreach (var mount in mounts)
            {
                context.Writer.WriteStartObject();
                describe(mount);
                context.Writer.WriteBoolean("readOnly", mount.IsReadOnly);
                context.Writer.WriteEndObject();
            }

            context.Writer.WriteEndArray();
        }
    }
}
