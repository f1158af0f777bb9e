using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Tests.TestKit.Kubelet;

namespace Spiffe.Agent.Tests.Fuzz.Attestation.Kubernetes;

/// <summary>The reader of the kubelet's answer: refuses or reads, and a pod never gets what another one has.</summary>
public sealed class PodListProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly byte[] Good = Encoding.UTF8.GetBytes(PodText.List(PodText.Pod(1), PodText.Pod(2)));

    [Fact]
    public void No_bytes_make_it_throw_anything_but_a_refusal() =>
        Check.One(Many, Prop.ForAll<byte[]>(bytes => TryRead(bytes ?? [], out _) || true));

    [Fact]
    public void A_mutated_list_is_refused_or_its_containers_stay_in_their_pods() =>
        Check.One(Many, Prop.ForAll<int, byte, byte>((at, first, second) =>
        {
            byte[] text = (byte[])Good.Clone();
            int place = (at & int.MaxValue) % (text.Length - 1);
            (text[place], text[place + 1]) = (first, second);
            return !TryRead(text, out PodList? list) || (KeepsItsOwn(list!, 1) && KeepsItsOwn(list!, 2));
        }));

    [Fact]
    public void A_cut_or_doubled_stretch_is_refused_or_its_containers_stay_in_their_pods() =>
        Check.One(Many, Prop.ForAll<int, int, bool>((from, length, isDoubled) =>
        {
            int start = (from & int.MaxValue) % Good.Length;
            int end = Math.Min(Good.Length, start + ((length & int.MaxValue) % 600));
            byte[] text = isDoubled ? [.. Good[..end], .. Good[start..]] : [.. Good[..start], .. Good[end..]];
            return !TryRead(text, out PodList? list) || (KeepsItsOwn(list!, 1) && KeepsItsOwn(list!, 2));
        }));

    [Fact]
    public void Pieces_of_any_length_make_the_same_list() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<PositiveInt>(length =>
        {
            PodListParser parser = new();
            int taken = 0, end = 0;
            while (end < Good.Length)
            {
                end = Math.Min(end + length.Get, Good.Length);
                taken += parser.Read(Good.AsSpan(taken, end - taken), end == Good.Length);
            }

            return parser.List.Count == 2 && parser.List.Find(Place(2)).State is PodFindingState.Found;
        }));

    [Fact]
    public void No_text_in_a_label_or_annotation_becomes_anything_else() =>
        Check.One(Many, Prop.ForAll<string, string>((key, value) =>
        {
            if (key is null || value is null || !IsText(key) || !IsText(value)) return true;
            System.Text.Json.Nodes.JsonObject pod = PodText.Pod(1);
            pod["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { [key] = value };
            pod["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { [$"x{key}"] = value };
            return TryRead(Encoding.UTF8.GetBytes(PodText.List(pod)), out PodList? list)
                && list!.Find(Place(1)) is { State: PodFindingState.Found, Pod: { Name: "web-1" } found } && found.Labels.Single().Equals(new KeyValuePair<string, string>(key, value));
        }));

    private static bool IsText(string text) => text.EnumerateRunes().All(r => r != Rune.ReplacementChar);

    /// <summary>Whether what is found for a container is still the pod that it was written in.</summary>
    private static bool KeepsItsOwn(PodList list, int number)
    {
        PodFinding finding = list.Find(Place(number));
        return finding.State is not PodFindingState.Found || (finding.Pod!.Uid == PodText.Uid(number) && finding.Container!.Id == PodText.Id(number));
    }

    private static ContainerPlace Place(int number) => new(ContainerRuntime.Containerd, PodText.Id(number), "/x") { PodUid = PodText.Uid(number) };

    private static bool TryRead(byte[] text, out PodList? list)
    {
        PodListParser parser = new();
        list = null;
        try
        {
            parser.Read(text, isLast: true);
            list = parser.List;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
