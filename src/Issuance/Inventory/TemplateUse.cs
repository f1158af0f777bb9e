using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>What became of a template since the start.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Live">Tasks of it that live now.</param>
/// <param name="Begun">Tasks of it since the start.</param>
/// <param name="LastBegunAt">The last of them; null: there was none.</param>
/// <param name="Rights">How many rights it gives.</param>
/// <param name="NeverUsed">Those of them that no action of any task came under, its own or of subtasks: authorization details, JSON.</param>
public sealed record TemplateUse(string Name, string Owner, string Purpose, int Live, long Begun, DateTimeOffset? LastBegunAt, int Rights, ImmutableArray<string> NeverUsed);
