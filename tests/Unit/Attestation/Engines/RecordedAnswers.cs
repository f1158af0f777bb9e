using System.Text;

namespace Spiffe.Agent.Tests.Unit.Attestation.Engines;

/// <summary>What real engines answered in the jails of tests/E2E/harness. Left out: what has no bearing (HostConfig, NetworkSettings, Mounts, paths, capabilities).</summary>
internal static class RecordedAnswers
{
    internal const string DockerId = "8d9857ff75b18109ef12474dc2f7c4601e61e6927b0c69fef3dc914c3ec06acf";
    internal const string PodmanId = "522399f2537317dedcbbefe3c6111c9e938e275837c2f5f60249975e84c75a91";
    internal const string PodId = "0c6cd186c1f76e0ffa0c68d8110dcc0f05d01b9b5461f827c6ac1c128e16add7";

    /// <summary>GET /containers/ID/json of Docker 20.10.24 (API 1.41): <c>docker run --network none --name web --label com.example.role=payments --label odd:key=a:b -e
    /// SECRET=hunter2 -e EQ=a=b wl:1 /bin/sleep 100</c>; the image sets a label and a variable.</summary>
    internal static byte[] Docker { get; } = Encoding.UTF8.GetBytes("""
        {"Id":"8d9857ff75b18109ef12474dc2f7c4601e61e6927b0c69fef3dc914c3ec06acf","Created":"2026-11-22T04:07:50.816455089Z","Path":"/bin/sleep","Args":["100"],
        "State":{"Status":"running","Running":true,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":122,"ExitCode":0,"Error":"",
        "StartedAt":"2026-11-22T04:07:51.248095968Z","FinishedAt":"0001-01-01T00:00:00Z"},"Image":"sha256:b84d0e3e8413737d584404097c558525545cd1be289654a1c34b76e5d5d92984",
        "Name":"/web","RestartCount":0,"Driver":"overlay2","Platform":"linux","MountLabel":"","ProcessLabel":"","AppArmorProfile":"","ExecIDs":null,"Mounts":[],
        "Config":{"Hostname":"8d9857ff75b1","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,"AttachStderr":false,"Tty":false,"OpenStdin":false,
        "StdinOnce":false,"Env":["SECRET=hunter2","EQ=a=b","IMAGE_ENV=1"],"Cmd":["/bin/sleep","100"],"Image":"wl:1","Volumes":null,"WorkingDir":"","Entrypoint":null,
        "OnBuild":null,"Labels":{"com.example.role":"payments","from.image":"yes","odd:key":"a:b"}}}
        """);

    /// <summary>The same, of a container that has ended.</summary>
    internal static byte[] DockerEnded { get; } = Encoding.UTF8.GetBytes("""
        {"Id":"8d9857ff75b18109ef12474dc2f7c4601e61e6927b0c69fef3dc914c3ec06acf","Created":"2026-11-22T04:07:50.816455089Z","Path":"/bin/sleep","Args":["100"],
        "State":{"Status":"exited","Running":false,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":0,"ExitCode":137,"Error":"",
        "StartedAt":"2026-11-22T04:07:51.248095968Z","FinishedAt":"2026-11-22T04:07:51.438717825Z"},
        "Image":"sha256:b84d0e3e8413737d584404097c558525545cd1be289654a1c34b76e5d5d92984","Name":"/web","Config":{"Env":null,"Image":"wl:1","Labels":{}}}
        """);

    /// <summary>What Docker 20.10.24 says beside 404.</summary>
    internal static byte[] DockerUnknown { get; } = Encoding.UTF8.GetBytes("""
        {"message":"No such container: 8d9857ff75b18109ef12474dc2f7c4601e61e6927b0c69fef3dc914c3ec06a00"}
        """);

    /// <summary>GET /v4.0.0/libpod/containers/ID/json of Podman 4.3.1: <c>podman run --pod shop --name till --label role=till -v /usr:/usr:ro usr:1 sleep 100</c>.</summary>
    internal static byte[] Podman { get; } = Encoding.UTF8.GetBytes("""
        {"Id":"522399f2537317dedcbbefe3c6111c9e938e275837c2f5f60249975e84c75a91","Created":"2026-11-22T04:28:41.288367979Z","Path":"sleep","Args":["100"],
        "State":{"OciVersion":"1.0.2-dev","Status":"running","Running":true,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":352,"ConmonPid":342,
        "ExitCode":0,"Error":"","StartedAt":"2026-11-22T04:28:41.814332415Z","FinishedAt":"0001-01-01T00:00:00Z","Health":{"Status":"","FailingStreak":0,"Log":null},
        "CgroupPath":"/machine.slice/libpod-522399f2537317dedcbbefe3c6111c9e938e275837c2f5f60249975e84c75a91.scope","CheckpointedAt":"0001-01-01T00:00:00Z",
        "RestoredAt":"0001-01-01T00:00:00Z"},"Image":"364e8493ee10318d98d8f35ee493bcb8d997cce49f189d1168b9546e2072f732",
        "ImageDigest":"sha256:646e63f057bd5ae562baf53d1165de23f6e54af3d00e7583a10e893f14c91da9","ImageName":"localhost/usr:1","Rootfs":"",
        "Pod":"0c6cd186c1f76e0ffa0c68d8110dcc0f05d01b9b5461f827c6ac1c128e16add7","OCIRuntime":"runc","Name":"till","RestartCount":0,"Driver":"vfs","ExecIDs":[],
        "Namespace":"","IsInfra":false,"IsService":false,"Config":{"Hostname":"522399f25373","Domainname":"","User":"","AttachStdin":false,"Tty":false,
        "Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","TERM=xterm","container=podman","HOSTNAME=522399f25373"],"Cmd":["sleep","100"],
        "Image":"localhost/usr:1","Volumes":null,"WorkingDir":"/","Entrypoint":"","OnBuild":null,"Labels":{"role":"till"},
        "Annotations":{"io.container.manager":"libpod","io.kubernetes.cri-o.ContainerType":"container",
        "io.kubernetes.cri-o.SandboxID":"0c6cd186c1f76e0ffa0c68d8110dcc0f05d01b9b5461f827c6ac1c128e16add7"},"StopSignal":15,
        "CreateCommand":["podman","--runtime","runc","run","-d","--pod","shop","--name","till","--label","role=till","-v","/usr:/usr:ro","usr:1","sleep","100"]}}
        """);

    /// <summary>GET /v4.0.0/libpod/pods/ID/json of Podman 4.3.1, whole.</summary>
    internal static byte[] Pod { get; } = Encoding.UTF8.GetBytes("""
        {"Id":"0c6cd186c1f76e0ffa0c68d8110dcc0f05d01b9b5461f827c6ac1c128e16add7","Name":"shop","Created":"2026-11-22T04:28:40.98211725Z",
        "CreateCommand":["podman","--runtime","runc","pod","create","--infra=false","--name","shop"],"ExitPolicy":"continue","State":"Running","Hostname":"",
        "CreateCgroup":false,"CgroupParent":"machine.slice","CreateInfra":false,"NumContainers":1,
        "Containers":[{"Id":"522399f2537317dedcbbefe3c6111c9e938e275837c2f5f60249975e84c75a91","Name":"till","State":"running"}]}
        """);

    /// <summary>What Podman 4.3.1 says beside 404.</summary>
    internal static byte[] PodmanUnknown { get; } = Encoding.UTF8.GetBytes("""
        {"cause":"no such container","message":"no container with name or ID \"2184f526959b1b3a54f50bd6eead258c286c44b23a3a63f3b306566f951e4100\" found: no such container","response":404}
        """);
}
