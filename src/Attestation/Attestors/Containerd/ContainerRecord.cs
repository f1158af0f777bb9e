using System.Text;
using System.Text.Unicode;

namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>What containerd has on file about a container: of containerd.services.containers.v1 <c>Container</c>, what becomes selectors.</summary>
/// <param name="Id">Its id, unique in its namespace.</param>
/// <param name="Image">The name of the image it was made from; empty when it was made without one.</param>
/// <param name="Labels">Its labels, which only root can set.</param>
internal sealed record ContainerRecord(string Id, string Image, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Reads a <c>GetContainerResponse</c>.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static ContainerRecord Parse(ReadOnlySpan<byte> response)
    {
        string id = "", image = "";
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        ProtobufReader answer = new(response);
        while (answer.Next())
        {
            if (answer.Field != 1) continue;
            ProtobufReader container = new(answer.Bytes);
            while (container.Next())
            {
                switch (container.Field)
                {
                    case 1: id = Text(container.Bytes); break;
                    case 2: AddLabel(labels, container.Bytes); break;
                    case 3: image = Text(container.Bytes); break;
                }
            }
        }

        return new ContainerRecord(id, image, labels);
    }

    // A map entry; of two with one key the later one counts, as the encoding says.
    private static void AddLabel(Dictionary<string, string> labels, ReadOnlySpan<byte> entry)
    {
        string key = "", value = "";
        ProtobufReader pair = new(entry);
        while (pair.Next())
        {
            if (pair.Field == 1) key = Text(pair.Bytes);
            else if (pair.Field == 2) value = Text(pair.Bytes);
        }

        labels[key] = value;
    }

    // Strict: mended bytes could make two texts one.
    private static string Text(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new InvalidDataException("containerd's answer holds a text that is not UTF-8");
}
