using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Attestation.Attestors.Containerd;
using Spiffe.Agent.Tests.Fuzz.Identity;

namespace Spiffe.Agent.Tests.Fuzz.Attestation;

/// <summary>Answers of containerd: no bytes make their parsers fail in another way than the one that they name.</summary>
public sealed class ContainerdProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    /// <summary>A container <c>web</c> with a label and an image, and fields of other kinds.</summary>
    private static readonly byte[] Good = [10, 29, 10, 3, .. "web"u8, 18, 8, 10, 1, .. "k"u8, 18, 3, .. "v:w"u8, 26, 5, .. "img:1"u8, 64, 1, 77, 0, 0, 0, 0];

    [Fact]
    public void Answer_that_this_starts_from_is_good()
    {
        ContainerRecord container = ContainerRecord.Parse(Good);

        Assert.Equal(("web", "img:1", "v:w"), (container.Id, container.Image, container.Labels["k"]));
    }

    [Fact]
    public void No_bytes_make_the_parsers_fail_in_another_way() =>
        Check.One(Many, Prop.ForAll<byte[]>(bytes => IsTotal(bytes ?? [])));

    [Fact]
    public void Changed_answers_neither() =>
        Check.One(Many, Prop.ForAll(Mutations.Changed(Good), IsTotal));

    private static bool IsTotal(byte[] bytes)
    {
        foreach (Action parse in (Action[])[() => ContainerRecord.Parse(bytes), () => TaskRecord.Parse(bytes)])
        {
            try
            {
                parse();
            }
            catch (InvalidDataException)
            {
                continue;
            }
        }

        return true;
    }
}
