namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>Answers as systemd's service manager does about one unit that every process belongs to. Fakes the answers and nothing else.</summary>
internal sealed class FakeSystemd
{
    internal const string Unit = "/org/freedesktop/systemd1/unit/web_40blue_2eservice";

    internal string Id { get; set; } = "web@blue.service";

    internal string FragmentPath { get; set; } = "/etc/systemd/system/web@.service";

    internal string ControlGroup { get; set; } = "/system.slice/system-web.slice/web@blue.service";

    internal byte[] Invocation { get; set; } = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    /// <summary>The error for a method it does not have; null when it takes pidfds.</summary>
    internal string? WithoutPidFds { get; set; }

    /// <summary>The error for every question about a process; null when there is none.</summary>
    internal string? NoUnit { get; set; }

    internal byte[] Answer(BusCall call, string self)
    {
        if (call.Member == "GetUnitByPIDFD" && WithoutPidFds is { } missing) return call.Error(self, missing);
        if (call.Member is "GetUnitByPIDFD" or "GetUnitByPID" && NoUnit is { } none) return call.Error(self, none);
        return (call.Member, call.Texts is [_, var property] ? property : "") switch
        {
            ("GetUnitByPIDFD", _) => call.Answer(self, "osay", body => body.String(Unit).String(Id).UInt32((uint)Invocation.Length).Bytes(Invocation)),
            ("GetUnitByPID", _) => call.Answer(self, "o", body => body.String(Unit)),
            ("Get", "Id") => call.Answer(self, "v", body => body.Signature("s").String(Id)),
            ("Get", "FragmentPath") => call.Answer(self, "v", body => body.Signature("s").String(FragmentPath)),
            ("Get", "ControlGroup") => call.Answer(self, "v", body => body.Signature("s").String(ControlGroup)),
            ("Get", "InvocationID") => call.Answer(self, "v", body => body.Signature("ay").UInt32((uint)Invocation.Length).Bytes(Invocation)),
            _ => call.Error(self, "org.freedesktop.DBus.Error.UnknownMethod"),
        };
    }
}
