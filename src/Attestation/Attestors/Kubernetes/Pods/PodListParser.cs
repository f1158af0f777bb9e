using System.Text.Json;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>Reads a PodList (v1) piece by piece, as it comes: each byte once, nothing kept but what selectors speak of.</summary>
/// <remarks>Strict where it looks (a known name twice in one object, another type than the API's, a second pod of one uid: <see cref="JsonException"/>), blind elsewhere.</remarks>
internal sealed class PodListParser
{
    private const int MaxDepth = 64;

    private readonly Stack<(PodListNode Node, uint Seen)> _open = new();
    private readonly PodBuilder _pod = new();
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    private PodListNode _next = PodListNode.Root;
    private int _passingOver = -1;
    private bool _hasItems;

    /// <summary>What has been read so far; whole when the last piece went in.</summary>
    internal PodList List { get; } = new();

    /// <summary>Where the value that comes next stands: in an array, or under the name before it.</summary>
    private PodListNode Here => _open.TryPeek(out (PodListNode Node, uint Seen) outer) ? ElementOf(outer.Node) ?? _next : _next;

    /// <summary>Reads on. Returns how many bytes were taken: give the rest again, with more behind it.</summary>
    internal int Read(ReadOnlySpan<byte> piece, bool isLast)
    {
        Utf8JsonReader reader = new(piece, isLast, _state);
        try
        {
            while (reader.Read())
            {
                if (_passingOver < 0) Take(ref reader);
                else if (reader.CurrentDepth == _passingOver && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) _passingOver = -1;
            }
        }
        catch (InvalidOperationException notText)
        {
            throw new JsonException("a text is not UTF-8", notText);
        }

        _state = reader.CurrentState;
        if (isLast && !_hasItems) throw new JsonException("no items: not a PodList");
        return (int)reader.BytesConsumed;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                TakeName(ref reader);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Open(ref reader);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Close();
                break;
            case JsonTokenType.String:
                TakeText(ref reader);
                break;
            case JsonTokenType.Null when _open.Count > 0:
                if (_next is PodListNode.Items) _hasItems = true; // Go writes an empty list so.
                break;
            default:
                if (Expected(Here) is not PodListShape.Anything) throw new JsonException("a number or truth value where the API has none");
                break;
        }
    }

    private void TakeName(ref Utf8JsonReader reader)
    {
        (PodListNode node, uint seen) = _open.Pop();
        _next = PodListNames.Of(node, ref reader);
        uint bit = _next is PodListNode.None or PodListNode.Label ? 0 : 1u << (int)_next;
        if ((seen & bit) != 0) throw new JsonException("a name occurs twice in one object");
        if (_next is PodListNode.Label) _pod.AddLabelKey(reader.GetString()!);
        _open.Push((node, seen | bit));
    }

    private void Open(ref Utf8JsonReader reader)
    {
        PodListNode node = Here;
        PodListShape shape = Expected(node);
        if (shape is PodListShape.Anything)
        {
            _passingOver = reader.CurrentDepth;
            return;
        }

        if (shape != (reader.TokenType is JsonTokenType.StartObject ? PodListShape.Object : PodListShape.Array)) throw new JsonException("an object or array where the API has none");
        if (node is PodListNode.Items) _hasItems = true;
        if (node is PodListNode.Pod) _pod.Clear();
        if (node is PodListNode.Owner) _pod.BeginOwner();
        if (node is PodListNode.Container) _pod.BeginContainer();
        _open.Push((node, 0));
    }

    private void Close()
    {
        PodListNode node = _open.Pop().Node;
        if (node is PodListNode.Owner) _pod.EndOwner();
        if (node is PodListNode.Container) _pod.EndContainer(_open.Peek().Node);
        if (node is PodListNode.Pod && _pod.Build() is { } pod && !List.TryAdd(pod)) throw new JsonException("two pods have one uid");
    }

    private void TakeText(ref Utf8JsonReader reader)
    {
        PodListNode node = Here;
        PodListShape shape = Expected(node);
        if (shape is PodListShape.Anything) return;
        if (shape is not PodListShape.Text) throw new JsonException("a text where the API has none");
        if (node is not PodListNode.Kind) _pod.Set(node, reader.GetString()!);
        else if (!reader.ValueTextEquals("PodList"u8)) throw new JsonException("not a PodList");
    }

    /// <summary>What the elements of an array are; null for what is no array.</summary>
    private static PodListNode? ElementOf(PodListNode node) => node switch
    {
        PodListNode.Items => PodListNode.Pod,
        PodListNode.Owners => PodListNode.Owner,
        PodListNode.Regular or PodListNode.Init or PodListNode.Ephemeral => PodListNode.Container,
        _ => null,
    };

    private static PodListShape Expected(PodListNode node) => node switch
    {
        PodListNode.None => PodListShape.Anything,
        PodListNode.Items or PodListNode.Owners or PodListNode.Regular or PodListNode.Init or PodListNode.Ephemeral => PodListShape.Array,
        PodListNode.Root or PodListNode.Pod or PodListNode.Metadata or PodListNode.Labels or PodListNode.Annotations or PodListNode.Owner or PodListNode.Spec
            or PodListNode.Status or PodListNode.Container => PodListShape.Object,
        _ => PodListShape.Text,
    };
}
