#include "orderflow/audit/audit_text.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "libs/json/writer.hpp"

namespace orderflow {
namespace {

using audit::FindingKind;

std::string_view meaning_of(FindingKind kind) {
    switch (kind) {
        case FindingKind::lost: return "acknowledged, and not settled, on hold or waiting";
        case FindingKind::doubled: return "one key with two orders, or an effect that came twice";
        case FindingKind::phantom: return "an effect that nobody asked for, or that was refused";
        case FindingKind::oversold: return "stock that was never there, or that no order holds";
        case FindingKind::double_charged: return "orders that the payment provider charged twice";
        case FindingKind::money_mismatch: return "amounts, bookings and the provider's ledger disagree";
        case FindingKind::illegal_history: return "events that cannot follow each other";
        case FindingKind::queue_mismatch: return "messages that came from nowhere or went nowhere";
    }
    return "";
}

template <class Visit>
void for_each_kind(Visit visit) {
    for (std::size_t i = 0; i < audit::finding_kinds; ++i) visit(static_cast<FindingKind>(i));
}

std::uint64_t sum_of(const audit::Report& report) {
    std::uint64_t sum = 0;
    for_each_kind([&](FindingKind kind) { sum += report.count(kind); });
    return sum;
}

struct Seen {
    const char* name;
    std::uint64_t audit::Report::Seen::* count;
};
constexpr std::array<Seen, 9> all_seen{{{"attempts", &audit::Report::Seen::attempts},
                                        {"acknowledged", &audit::Report::Seen::acknowledged},
                                        {"unknown", &audit::Report::Seen::unknown},
                                        {"stored", &audit::Report::Seen::stored},
                                        {"settled", &audit::Report::Seen::settled},
                                        {"on_hold", &audit::Report::Seen::on_hold},
                                        {"charges", &audit::Report::Seen::charges},
                                        {"refunds", &audit::Report::Seen::refunds},
                                        {"tombstones", &audit::Report::Seen::tombstones}}};

}  // namespace

std::string audit_text(const AuditSummary& summary, const audit::Report& report) {
    const auto& seen = report.seen;
    auto text = fmt::format(
        "audit of {} against {} ledgers with {} runs\n"
        "clients   {} attempts, {} orders acknowledged, {} with an unknown outcome\n"
        "store     {} orders, {} settled, {} on hold, {} tombstones; {} messages wait in the queues\n"
        "provider  {} charges, {} refunds\n\n",
        summary.data, summary.ledgers, summary.runs, seen.attempts, seen.acknowledged, seen.unknown, seen.stored,
        seen.settled, seen.on_hold, seen.tombstones, summary.waiting, seen.charges, seen.refunds);
    auto out = std::back_inserter(text);
    for_each_kind([&](FindingKind kind) {
        fmt::format_to(out, "{:<16}{:>8}  {}\n", to_string(kind), report.count(kind), meaning_of(kind));
        for (const auto& place : report.places(kind)) fmt::format_to(out, "  {}: {}\n", place.subject, place.what);
        const auto more = report.count(kind) - report.places(kind).size();
        if (more > 0) fmt::format_to(out, "  and {} more\n", more);
    });
    text += '\n';
    for (const auto& note : summary.notes) fmt::format_to(out, "note: {}\n", note);
    const auto findings = sum_of(report);
    text += findings == 0 ? "sound: nothing was found\n" : fmt::format("NOT SOUND: {} findings\n", findings);
    return text;
}

std::string audit_json(const AuditSummary& summary, const audit::Report& report) {
    const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    json::Writer out;
    out.begin_object().key("sound").boolean(report.ok());
    for_each_kind([&](FindingKind kind) { out.key(to_string(kind)).integer(number(report.count(kind))); });
    out.key("seen").begin_object();
    for (const auto& [name, count] : all_seen) out.key(name).integer(number(report.seen.*count));
    out.end_object().key("waiting").integer(number(summary.waiting)).key("findings").begin_array();
    for_each_kind([&](FindingKind kind) {
        for (const auto& place : report.places(kind)) {
            out.begin_object().key("kind").string(to_string(kind)).key("subject").string(place.subject);
            out.key("what").string(place.what).end_object();
        }
    });
    out.end_array().key("notes").begin_array();
    for (const auto& note : summary.notes) out.string(note);
    return std::move(out.end_array().end_object()).take() + "\n";
}

}  // namespace orderflow
