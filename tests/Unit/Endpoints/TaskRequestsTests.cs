using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Endpoints.Admin;
using Spiffe.Agent.Endpoints.Tasks;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Wire = Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Tests.Unit.Endpoints;

/// <summary>What callers send about tasks is bounded before it costs anything.</summary>
public sealed class TaskRequestsTests
{
    private static readonly string Long = new('a', 300_000);

    public static TheoryData<string, StartTaskRequest> TooMuch
    {
        get
        {
            StartTaskRequest labels = new();
            for (int i = 0; i < 65; i++) labels.Labels.Add($"k{i}", "v");
            StartTaskRequest tools = new() { Intent = new Intent() };
            for (int i = 0; i < 65; i++) tools.Intent.Tools.Add("t");
            return new TheoryData<string, StartTaskRequest>
            {
                { "template", new StartTaskRequest { Template = Long } },
                { "idempotency_key", new StartTaskRequest { IdempotencyKey = Long } },
                { "authorization_details", new StartTaskRequest { AuthorizationDetails = Long } },
                { "subject_token", new StartTaskRequest { SubjectToken = Long } },
                { "certificate_request", new StartTaskRequest { CertificateRequest = ByteString.CopyFrom(new byte[9000]) } },
                { "supersedes", new StartTaskRequest { Supersedes = Long } },
                { "labels", labels },
                { "labels", new StartTaskRequest { Labels = { ["k"] = Long } } },
                { "intent.goal", new StartTaskRequest { Intent = new Intent { Goal = Long } } },
                { "intent.tools", tools },
                { "intent.expected_actions", new StartTaskRequest { Intent = new Intent { ExpectedActions = { Long } } } },
                { "lease", new StartTaskRequest { Lease = new Duration { Seconds = -1 } } },
                { "lease", new StartTaskRequest { Lease = new Duration { Seconds = long.MaxValue } } },
                { "deadline", new StartTaskRequest { Deadline = new Duration { Nanos = int.MinValue } } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(TooMuch))]
    public void A_request_that_holds_too_much_is_refused_by_field(string field, StartTaskRequest request) =>
        Assert.StartsWith(field + ":", Refused(() => TaskRequests.Start(request)), StringComparison.Ordinal);

    [Fact]
    public void What_is_within_the_bounds_goes_through_as_it_is()
    {
        Spiffe.Agent.Issuance.Tasks.Requests.StartTask read = TaskRequests.Start(new StartTaskRequest
        {
            IdempotencyKey = "k",
            Template = "review",
            Intent = new Intent { Goal = "g", Ticket = "T-1", ExpectedActions = { "read" } },
            AuthorizationDetails = """[{"type":"ü"}]""",
            Lease = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)),
            SubjectToken = "s",
            Binding = new Binding { ChildProcessId = 7 },
            Labels = { ["stage"] = "build" },
            Supersedes = "x",
        });

        Assert.Equal(("k", "review", "g", "T-1", "s", 7, "x"), (read.IdempotencyKey, read.Template, read.Intent.Goal, read.Intent.Ticket, read.SubjectToken, read.ChildProcessId, read.Supersedes));
        Assert.Equal("""[{"type":"ü"}]"""u8.ToArray(), read.Grants.ToArray());
        Assert.Equal((TimeSpan.FromMinutes(1), null), (read.Lease, read.Deadline));
        Assert.Equal("build", read.Labels["stage"]);
    }

    [Fact]
    public void A_wish_for_credentials_is_everything_unless_it_says_less()
    {
        TaskCredentialWish all = TaskRequests.Wish(new FetchTaskCredentialsRequest { Audiences = { "api" } });
        TaskCredentialWish one = TaskRequests.Wish(new FetchTaskCredentialsRequest { Kinds = { "wit" } });

        Assert.Equal((true, true, "api"), (all.X509, all.Wit, Assert.Single(all.Audiences!.Names)));
        Assert.Equal((false, true, null), (one.X509, one.Wit, one.Audiences));
        Assert.Null(TaskRequests.Wish(new FetchTaskCredentialsRequest()).Audiences);
        Assert.StartsWith("kinds:", Refused(() => TaskRequests.Wish(new FetchTaskCredentialsRequest { Kinds = { "pem" } })), StringComparison.Ordinal);
        Assert.StartsWith("audiences:", Refused(() => TaskRequests.Wish(new FetchTaskCredentialsRequest { Kinds = { "jwt" } })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_about_no_action_is_refused() => Assert.Equal("action must be specified", Refused(() => TaskRequests.Ask(new AuthorizeActionRequest())));

    [Fact]
    public void A_selection_that_says_nothing_changes_nothing()
    {
        Assert.StartsWith("selection:", Refused(() => TaskSelections.Some(null)), StringComparison.Ordinal);
        Assert.StartsWith("selection:", Refused(() => TaskSelections.Some(new Wire.TaskSelection { Reason = "r" })), StringComparison.Ordinal);
        Assert.True(TaskSelections.Some(new Wire.TaskSelection { All = true }).All);
        Assert.Equal("build", TaskSelections.Some(new Wire.TaskSelection { Labels = { ["stage"] = "build" } }).Labels["stage"]);
    }

    private static string Refused(Func<object> read)
    {
        RpcException refused = Assert.Throws<RpcException>(read);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.DoesNotContain("aaaa", refused.Status.Detail, StringComparison.Ordinal);
        return refused.Status.Detail;
    }
}
