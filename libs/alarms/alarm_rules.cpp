#include "libs/alarms/alarm_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "libs/json/parse.hpp"

namespace orderflow::alarms {
namespace {

constexpr json::ParseLimits parse_limits{.bytes = 256 * 1024, .depth = 8};
constexpr std::int64_t seconds_max = 7 * 24 * 3600;

// Reads members of one object; the first thing that is wrong is kept, and what is read after that does not matter.
class RuleReader {
  public:
    RuleReader(const json::Value& value, std::string place, std::optional<Error>& wrong)
        : value_(value), place_(std::move(place)), wrong_(wrong) {
        if (value_.object() == nullptr) refuse("", "is no object");
        if (value_.repeats_a_name()) refuse("", "has a member twice");
    }

    bool has(std::string_view name) const { return value_.find(name) != nullptr; }

    std::string text(std::string_view name) {
        const auto* member = value_.find(name);
        const auto* found = member != nullptr ? member->string() : nullptr;
        if (found == nullptr || found->empty()) refuse(name, "must be a text");
        return found != nullptr ? std::string(*found) : std::string();
    }

    double number(std::string_view name) {
        const auto* member = value_.find(name);
        const auto found = member != nullptr ? member->number() : std::nullopt;
        double value = 0;
        if (!found) {
            refuse(name, "must be a number");
        } else {
            std::from_chars(found->text.data(), found->text.data() + found->text.size(), value);
        }
        return value;
    }

    BootClock::duration seconds(std::string_view name) {
        const auto* member = value_.find(name);
        const auto found = member != nullptr ? member->number() : std::nullopt;
        const auto value = found ? found->to_int64() : fail(ErrorKind::invalid_input, "", "");
        if (value && *value >= 0 && *value <= seconds_max) return std::chrono::seconds(*value);
        refuse(name, "must be whole seconds, a week at most");
        return {};
    }

    std::set<std::string> texts(std::string_view name) {
        const auto* member = value_.find(name);
        return texts_in(member, name);
    }

    RuleReader object(std::string_view name) {
        static const json::Value nothing{};
        const auto* member = value_.find(name);
        return {member != nullptr ? *member : nothing, fmt::format("{}/{}", place_, name), wrong_};
    }

    SeriesFilter series(std::string_view name) {
        auto reader = object(name);
        SeriesFilter filter{.metric = reader.text("metric"), .labels = {}};
        if (const auto* labels = reader.value_.find("labels")) {
            if (labels->object() == nullptr) reader.refuse("labels", "must be an object");
            if (labels->object() == nullptr) return filter;
            for (const auto& [label, values] : *labels->object()) {
                filter.labels.emplace(label, reader.texts_in(&values, "labels"));
            }
        }
        return filter;
    }

    void refuse(std::string_view name, std::string_view why) {
        if (wrong_) return;
        wrong_.emplace(ErrorKind::invalid_input, "alarms.malformed", fmt::format("{}/{} {}", place_, name, why));
    }

  private:
    std::set<std::string> texts_in(const json::Value* list, std::string_view name) {
        std::set<std::string> found;
        const auto* items = list != nullptr ? list->array() : nullptr;
        if (items == nullptr || items->empty()) refuse(name, "must be a list of texts");
        if (items == nullptr) return found;
        for (const auto& item : *items) {
            if (item.string() != nullptr) found.emplace(*item.string());
        }
        if (found.size() != items->size()) refuse(name, "must be a list of different texts");
        return found;
    }

    const json::Value& value_;
    std::string place_;
    std::optional<Error>& wrong_;
};

Measure read_measure(RuleReader measure) {
    const auto kind = measure.text("kind");
    if (kind == "level") {
        Level level{.of = measure.series("of")};
        level.smallest = measure.text("take") == "smallest";
        return level;
    }
    if (kind == "increase") return Increase{measure.series("of"), measure.seconds("window_seconds")};
    if (kind == "share") {
        return Share{measure.series("part"), measure.series("whole"), measure.seconds("window_seconds"),
                     measure.number("at_least")};
    }
    if (kind == "quantile") {
        Quantile quantile{measure.series("of"), measure.number("quantile"), measure.seconds("window_seconds"),
                          measure.number("at_least")};
        if (quantile.quantile <= 0 || quantile.quantile >= 1) measure.refuse("quantile", "must lie between 0 and 1");
        return quantile;
    }
    if (kind == "standstill") {
        return Standstill{measure.series("waiting"), measure.series("progress"),
                          measure.has("by") ? measure.text("by") : std::string()};
    }
    measure.refuse("kind", "must be level, increase, share, quantile or standstill");
    return {};
}

bool is_name(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
}

AlarmRule read_rule(RuleReader alarm) {
    AlarmRule rule;
    rule.name = alarm.text("name");
    if (!is_name(rule.name)) alarm.refuse("name", "must be small letters, digits and '-'");
    const auto severity = alarm.text("severity");
    rule.severity = severity == "critical" ? Severity::critical : Severity::warning;
    if (severity != "critical" && severity != "warning") alarm.refuse("severity", "must be warning or critical");
    rule.summary = alarm.text("summary");
    rule.programs = alarm.texts("programs");
    rule.measure = read_measure(alarm.object("measure"));
    rule.above = alarm.has("above");
    if (rule.above == alarm.has("below")) alarm.refuse("above", "or below must be there, and not both");
    rule.threshold = alarm.number(rule.above ? "above" : "below");
    rule.clears_at = alarm.number("clears_at");
    if (rule.above ? rule.clears_at > rule.threshold : rule.clears_at < rule.threshold) {
        alarm.refuse("clears_at", "must not lie beyond the threshold");
    }
    rule.hold = alarm.seconds("hold_seconds");
    rule.clear_hold = alarm.seconds("clear_hold_seconds");
    return rule;
}

}  // namespace

Result<std::vector<AlarmRule>> read_alarm_rules(std::string_view text) {
    const auto document = json::parse(text, parse_limits);
    if (!document) return fail(ErrorKind::invalid_input, "alarms.malformed", document.error().detail());
    const auto* alarms = document->find("alarms");
    const auto* list = alarms != nullptr ? alarms->array() : nullptr;
    if (list == nullptr) return fail(ErrorKind::invalid_input, "alarms.malformed", "/alarms must be a list");
    std::vector<AlarmRule> rules;
    std::optional<Error> wrong;
    for (std::size_t i = 0; i < list->size() && !wrong; ++i) {
        rules.push_back(read_rule({(*list)[i], fmt::format("/alarms/{}", i), wrong}));
        const auto same = [&](const AlarmRule& rule) { return rule.name == rules.back().name; };
        if (!wrong && std::ranges::count_if(rules, same) > 1) {
            wrong.emplace(ErrorKind::invalid_input, "alarms.malformed", "two alarms are named " + rules.back().name);
        }
    }
    if (wrong) return fail(*std::move(wrong));
    return rules;
}

std::vector<AlarmRule> rules_of(std::string_view program, std::vector<AlarmRule> rules) {
    std::erase_if(rules, [program](const AlarmRule& rule) { return !rule.programs.contains(std::string(program)); });
    return rules;
}

}  // namespace orderflow::alarms
