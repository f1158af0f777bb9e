using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Tests.Fuzz.Attestation;

/// <summary>Cgroup paths that anybody made: none throws, none lends another's container, and what lies below a delegated cgroup never changes what is above.</summary>
public sealed class CgroupProperties
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Own = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Pod = "6a3c8d0e-1b2f-4c5d-8e9f-0a1b2c3d4e5f";
    private const string PodSlice = "6a3c8d0e_1b2f_4c5d_8e9f_0a1b2c3d4e5f";

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);
    private static readonly CgroupLayouts Layouts = new(new CgroupOptions { DockerParents = ["/custom/parent"] });

    /// <summary>Whole layouts, each of a container.</summary>
    private static readonly string[] Containers =
    [
        $"/docker/{Id}", $"/system.slice/docker-{Id}.scope", $"/custom/parent/{Id}", $"/libpod_parent/libpod-{Id}", $"/machine.slice/libpod-{Id}.scope/container",
        $"/kubepods/burstable/pod{Pod}/{Id}", $"/kubepods.slice/kubepods-pod{PodSlice}.slice/cri-containerd-{Id}.scope", $"/system.slice/web.service/libpod-payload-{Id}",
        $"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{PodSlice}.slice/crio-{Id}.scope", $"/default/{Id}",
        $"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{Id}.scope",
    ];

    /// <summary>Cgroups that belong to a user, a container or a service with Delegate=.</summary>
    private static readonly string[] Delegated =
    [
        "/user.slice/user-1000.slice/user@1000.service", "/user.slice/user-1000.slice/user@1000.service/app.slice/x.service",
        "/system.slice/ci.service/sub", $"/docker/{Own}", $"/system.slice/docker-{Own}.scope", $"/kubepods/pod{Pod}/{Own}",
        $"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{Own}.scope/container",
    ];

    private static readonly string[] Parts = ["docker", "kubepods", "system.slice", "machine.slice", "user.slice", "user-1000.slice", "user@1000.service", "x.service",
        $"docker-{Id}.scope", $"libpod-{Id}.scope", $"libpod-payload-{Id}", $"pod{Pod}", Id, "default", "burstable", "..", ".", "", " (deleted)", "init.scope", "kubepods.slice"];

    [Fact]
    public void No_text_makes_the_parser_throw_and_what_it_reads_it_writes() =>
        Check.One(Many, Prop.ForAll<byte[]>(bytes => RoundTrips(Encoding.Latin1.GetString(bytes ?? []))));

    [Fact]
    public void Mutated_text_never_throws_and_what_is_read_is_written()
    {
        const string Good = "9:name=systemd:/\n4:memory:/process_api/a\n2:cpu,cpuacct:/x/y\n0::/system.slice/web.service\n";
        Check.One(Many, Prop.ForAll<int, char, bool>((at, value, insert) =>
        {
            int index = (at & int.MaxValue) % Good.Length;
            return RoundTrips(Good[..index] + value + Good[(insert ? index : index + 1)..]);
        }));
    }

    [Fact]
    public void Mutated_path_keeps_its_container_or_has_none() =>
        Check.One(Many, Prop.ForAll<int, int, byte>((which, at, value) =>
        {
            string path = Pick(Containers, which);
            ContainerPlace whole = Layouts.Locate(path).Place.Container!;
            int index = 1 + ((at & int.MaxValue) % (path.Length - 1));
            char put = (char)(0x20 + (value % 0x5f));
            string mutated = path[..index] + put + path[(index + 1)..];
            if (!CgroupLines.TryParse($"0::{mutated}\n", out _, out _, out _)) return true;
            return Layouts.Locate(mutated).Place.Container is not { } found
                || (IsAnchored(mutated, found) && (found.Id == whole.Id || !mutated.Contains(whole.Id, StringComparison.Ordinal) || found.Namespace is not null)
                    && (whole.RootlessUserId is null) == (found.RootlessUserId is null));
        }));

    [Fact]
    public void Nothing_below_a_delegated_cgroup_is_a_container_of_roots() =>
        Check.One(Many, Prop.ForAll<int, int[]>((which, parts) =>
        {
            string delegated = Pick(Delegated, which);
            return Containers.Append("/" + string.Join('/', (parts ?? []).Select(p => Pick(Parts, p)))).All(below =>
            {
                if (!CgroupLines.TryParse($"0::{delegated}{below}\n", out ImmutableArray<CgroupLine> lines, out _, out _)) return true;
                ContainerPlace? found = Layouts.Locate(lines[0].Path).Place.Container;
                return found is null || found.Id == Own || found.RootlessUserId == 1000;
            });
        }));

    [Fact]
    public void Path_of_any_parts_says_only_what_is_on_it() =>
        Check.One(Many, Prop.ForAll<int[]>(parts =>
        {
            string path = "/" + string.Join('/', (parts ?? []).Select(p => Pick(Parts, p)));
            if (!CgroupLines.TryParse($"0::{path}\n", out _, out _, out _)) return true;
            Anchored found = Layouts.Locate(path);
            int segments = path == "/" ? 0 : path.Split('/').Length - 1;
            return found.Depth <= segments && found.ManagerDepth <= found.Depth && (found.Place.Container is not { } container || IsAnchored(path, container))
                && (found.Place.UserManager is null) == (found.ManagerDepth == 0);
        }));

    [Fact]
    public void Lines_in_any_order_give_the_same_evidence() =>
        Check.One(Many, Prop.ForAll<int, int, int>((first, second, third) =>
        {
            string[] paths = [.. Containers, .. Delegated, "/", "/system.slice"];
            ImmutableArray<CgroupLine> lines = [new(2, "cpu", Pick(paths, first)), new(1, "name=systemd", Pick(paths, second)), new(0, "", Pick(paths, third))];
            bool chosen = CgroupChoice.TryChoose(lines, Layouts, out CgroupChoice choice, out _);
            bool again = CgroupChoice.TryChoose([.. lines.Reverse()], Layouts, out CgroupChoice other, out _);
            return chosen == again && (!chosen || choice.Anchored.Place == other.Anchored.Place);
        }));

    private static bool RoundTrips(string text) =>
        !CgroupLines.TryParse(text, out ImmutableArray<CgroupLine> lines, out EvidenceRefusal reason, out string detail)
            ? detail.Length > 0 && reason is EvidenceRefusal.CgroupAmbiguous or EvidenceRefusal.CgroupDeleted
            : string.Concat(lines.Select(line => line + "\n")) == text && lines.All(line => Layouts.Locate(line.Path) is not null);

    /// <summary>The container's cgroup is the path or above it, and the id stands in its last name.</summary>
    private static bool IsAnchored(string path, ContainerPlace container) =>
        (path == container.Path || path.StartsWith(container.Path + "/", StringComparison.Ordinal))
        && container.Path[(container.Path.LastIndexOf('/') + 1)..].Contains(container.Id, StringComparison.Ordinal);

    private static T Pick<T>(T[] from, int at) => from[(at & int.MaxValue) % from.Length];
}
