#include "programs/declared_queues.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "libs/orders/ports/queue_names.hpp"

namespace orderflow {
namespace {

namespace limits = queue::limits;
using std::chrono::seconds;

constexpr std::string_view variable = "ORDERFLOW_SQS_QUEUES";
constexpr std::string_view known_settings =
    "visibility, delay, retention, wait, max_bytes, dlq, max_receives and region";
constexpr std::array<std::string_view, 3> own_queues{orders::orders_queue, orders::commands_queue,
                                                     orders::letters_queue};

struct TimeSetting {
    std::string_view key;
    std::optional<seconds> DeclaredQueue::* declared;
    seconds queue::QueueSettings::* stored;
    seconds min;
    seconds max;
};
constexpr std::array<TimeSetting, 4> times{{
    {"visibility", &DeclaredQueue::visibility, &queue::QueueSettings::visibility_timeout, seconds(0),
     limits::visibility_timeout_max},
    {"delay", &DeclaredQueue::delay, &queue::QueueSettings::delay, seconds(0), limits::delay_max},
    {"retention", &DeclaredQueue::retention, &queue::QueueSettings::retention, limits::retention_min,
     limits::retention_max},
    {"wait", &DeclaredQueue::wait, &queue::QueueSettings::receive_wait, seconds(0), limits::receive_wait_max},
}};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(at);
        parts.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// A whole number and what stands behind it.
std::optional<std::pair<std::uint64_t, std::string_view>> leading_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc()) return std::nullopt;
    return std::pair(number, text.substr(static_cast<std::size_t>(end - text.data())));
}

std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t min, std::uint64_t max) {
    const auto read = leading_number(text);
    if (!read || !read->second.empty() || read->first < min || read->first > max) return std::nullopt;
    return read->first;
}

std::optional<seconds> duration(std::string_view text, seconds min, seconds max) {
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> units{
        {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}}};
    const auto read = leading_number(text);
    if (!read) return std::nullopt;
    const auto* const unit = std::ranges::find(units, read->second, &std::pair<std::string_view, std::uint64_t>::first);
    if (unit == units.end() || read->first > static_cast<std::uint64_t>(max.count()) / unit->second) {
        return std::nullopt;
    }
    const seconds value(static_cast<std::int64_t>(read->first * unit->second));
    if (value < min) return std::nullopt;
    return value;
}

// The largest unit that says it exactly.
std::string to_text(seconds time) {
    if (time == limits::retention_endless) return "0s";
    for (const auto& [unit, size] : {std::pair{'d', 86'400}, std::pair{'h', 3600}, std::pair{'m', 60}}) {
        if (time.count() % size == 0) return fmt::format("{}{}", time.count() / size, unit);
    }
    return fmt::format("{}s", time.count());
}

std::string to_text(const std::optional<queue::RedrivePolicy>& redrive) {
    return redrive ? fmt::format("{} after {} receives", redrive->dead_letter_queue, redrive->max_receive_count)
                   : "none";
}

std::string shown(std::string_view text) {
    constexpr std::size_t shown_max = 100;
    return text.size() <= shown_max ? std::string(text) : std::string(text.substr(0, shown_max)) + "...";
}

bool is_valid_name(const std::string& region, const std::string& name) {
    return queue::validate(queue::QueueName{{region, queue::default_scope().account}, name}).has_value();
}

// Reads one entry; what is wrong is noted with its place.
class EntryReader {
  public:
    EntryReader(SettingsReader& settings, std::size_t number) : settings_(settings), place_(number) {}

    std::optional<DeclaredQueue> read(std::string_view text) {
        const auto colon = std::min(text.find(':'), text.size());
        queue_.region = queue::default_scope().region;
        queue_.name = trimmed(text.substr(0, colon));
        check_name();
        if (colon < text.size()) {
            for (const auto one : split(text.substr(colon + 1), ',')) {
                if (!one.empty()) read_setting(one);
            }
        }
        join_redrive();
        if (!good_) return std::nullopt;
        return std::move(queue_);
    }

  private:
    void refuse(std::string_view what, const std::string& why) {
        good_ = false;
        settings_.refuse(variable, fmt::format("entry {} ({}){}{}: {}", place_, shown(queue_.name),
                                               what.empty() ? "" : ", ", shown(what), why));
    }

    void check_name() {
        if (queue_.name.ends_with(".fifo")) return refuse("", "FIFO queues are not there yet");
        if (std::ranges::find(own_queues, queue_.name) != own_queues.end()) {
            return refuse("", "this queue is there from the start, with settings of its own");
        }
        if (!is_valid_name(queue_.region, queue_.name)) {
            refuse("", "a name has 1 to 80 letters, digits, hyphens and underscores");
        }
    }

    void read_setting(std::string_view text) {
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) return refuse(text, "expected setting=value");
        const auto key = trimmed(text.substr(0, equals));
        const auto value = trimmed(text.substr(equals + 1));
        if (!seen_.insert(std::string(key)).second) return refuse(key, "it stands there twice");
        const auto* const time = std::ranges::find(times, key, &TimeSetting::key);
        if (time != times.end()) return read_time(*time, value);
        if (key == "max_bytes") return read_max_bytes(value);
        if (key == "max_receives") return read_max_receives(value);
        if (key == "region") return read_region(value);
        if (key == "dlq") {
            dead_letters_ = value;
            return;
        }
        refuse(key, fmt::format("there is no such setting; there are {}", known_settings));
    }

    void read_time(const TimeSetting& setting, std::string_view value) {
        queue_.*setting.declared = duration(value, setting.min, setting.max);
        if (queue_.*setting.declared) return;
        refuse(setting.key, fmt::format("'{}' is no time from {}s to {}; write 90, 90s, 15m, 12h or 4d", shown(value),
                                        setting.min.count(), to_text(setting.max)));
    }

    void read_max_bytes(std::string_view value) {
        queue_.max_bytes = whole_number(value, limits::message_bytes_min, limits::message_bytes_max);
        if (queue_.max_bytes) return;
        refuse("max_bytes", fmt::format("'{}' is no whole number from {} to {}", shown(value),
                                        limits::message_bytes_min, limits::message_bytes_max));
    }

    void read_max_receives(std::string_view value) {
        max_receives_ = whole_number(value, 1, limits::max_receive_count_max);
        if (max_receives_) return;
        refuse("max_receives",
               fmt::format("'{}' is no whole number from 1 to {}", shown(value), limits::max_receive_count_max));
    }

    void read_region(std::string_view value) {
        if (is_valid_name(std::string(value), "a")) {
            queue_.region = value;
        } else {
            refuse("region", fmt::format("'{}' is no region, such as eu-central-1", shown(value)));
        }
    }

    void join_redrive() {
        if (dead_letters_ == "none" && !seen_.contains("max_receives")) {
            queue_.redrive.emplace();
        } else if (dead_letters_ == "none") {
            refuse("max_receives", "it needs a dead-letter queue: dlq=NAME");
        } else if (!seen_.contains("dlq") && !seen_.contains("max_receives")) {
            return;
        } else if (!seen_.contains("dlq")) {
            refuse("max_receives", "it needs a dead-letter queue: dlq=NAME");
        } else if (!seen_.contains("max_receives")) {
            refuse("dlq", "it needs max_receives=1 to 1000, the receives before a message goes there");
        } else if (dead_letters_ == queue_.name) {
            refuse("dlq", "a queue is not its own dead-letter queue");
        } else if (max_receives_) {
            queue_.redrive.emplace(queue::RedrivePolicy{dead_letters_, static_cast<std::uint32_t>(*max_receives_)});
        }
    }

    SettingsReader& settings_;
    std::size_t place_;
    DeclaredQueue queue_{};
    std::set<std::string> seen_;
    std::string dead_letters_;
    std::optional<std::uint64_t> max_receives_;
    bool good_ = true;
};

// What one entry says of another.
void check_together(SettingsReader& settings, const std::vector<DeclaredQueue>& queues) {
    std::set<std::pair<std::string, std::string>> names;
    for (const auto& one : queues) {
        if (!names.emplace(one.region, one.name).second) {
            settings.refuse(variable, fmt::format("{} is declared twice", one.name));
        }
    }
    for (const auto& one : queues) {
        if (!one.redrive || !*one.redrive || names.contains({one.region, (*one.redrive)->dead_letter_queue})) continue;
        settings.refuse(variable, fmt::format("{}, dlq: {} is not declared in {}; add it: '...; {}'", one.name,
                                              shown((*one.redrive)->dead_letter_queue), one.region,
                                              shown((*one.redrive)->dead_letter_queue)));
    }
}

using QueuesByName = std::map<std::pair<std::string, std::string>, const DeclaredQueue*>;

const DeclaredQueue* dead_letter_queue_of(const QueuesByName& by_name, const DeclaredQueue& queue) {
    if (!queue.redrive || !*queue.redrive) return nullptr;
    const auto found = by_name.find({queue.region, (*queue.redrive)->dead_letter_queue});
    return found == by_name.end() ? nullptr : found->second;
}

// A message that nobody can work on would go round for ever.
void refuse_circles(SettingsReader& settings, const std::vector<DeclaredQueue>& queues) {
    QueuesByName by_name;
    for (const auto& one : queues) by_name.try_emplace({one.region, one.name}, &one);
    std::set<const DeclaredQueue*> passed;  // on the way from an entry before
    for (const auto& first : queues) {
        std::string way = first.name;
        std::set<const DeclaredQueue*> here;
        const auto* at = &first;
        while (at != nullptr && !passed.contains(at) && here.insert(at).second) {
            at = dead_letter_queue_of(by_name, *at);
            if (at != nullptr) way += " -> " + at->name;
        }
        if (at != nullptr && here.contains(at)) {
            settings.refuse(variable, fmt::format("{}, dlq: {} is a circle of dead-letter queues; one of them must "
                                                  "have none",
                                                  at->name, shown(way)));
        }
        passed.merge(here);
    }
}

}  // namespace

std::vector<DeclaredQueue> read_declared_queues(SettingsReader& settings) {
    const auto text = settings.text(variable, "");
    const auto errors_before = settings.errors().size();
    std::vector<DeclaredQueue> queues;
    std::size_t number = 0;
    for (const auto entry : split(text, ';')) {
        if (entry.empty()) continue;
        if (++number > declared_queues_max) {
            settings.refuse(variable, fmt::format("there are more than {} queues", declared_queues_max));
            break;
        }
        if (auto queue = EntryReader(settings, number).read(entry)) queues.push_back(*std::move(queue));
    }
    if (settings.errors().size() == errors_before) check_together(settings, queues);
    if (settings.errors().size() == errors_before) refuse_circles(settings, queues);
    if (settings.errors().size() != errors_before) queues.clear();
    return queues;
}

std::string declared_queues_help() {
    return "  ORDERFLOW_SQS_QUEUES     more queues, made or changed at the start                      [none]\n"
           "                           'jobs: visibility=5m, dlq=jobs-dlq, max_receives=10; jobs-dlq'\n"
           "                           visibility 0s to 12h, delay 0s to 15m, retention 60s to 14d,\n"
           "                           wait 0s to 20s, max_bytes 1024 to 1048576, dlq NAME or none with\n"
           "                           max_receives 1 to 1000, region [us-east-1]; what is not named stays\n";
}

queue::QueueSettings with_declared(queue::QueueSettings settings, const DeclaredQueue& declared) {
    for (const auto& time : times) {
        if (declared.*time.declared) settings.*time.stored = *(declared.*time.declared);
    }
    if (declared.max_bytes) settings.maximum_message_size = *declared.max_bytes;
    if (declared.redrive) settings.redrive = *declared.redrive;
    return settings;
}

std::vector<std::string> differences(const queue::QueueSettings& before, const queue::QueueSettings& after) {
    std::vector<std::string> found;
    for (const auto& time : times) {
        if (before.*time.stored == after.*time.stored) continue;
        found.push_back(
            fmt::format("{} {} -> {}", time.key, to_text(before.*time.stored), to_text(after.*time.stored)));
    }
    if (before.maximum_message_size != after.maximum_message_size) {
        found.push_back(fmt::format("max_bytes {} -> {}", before.maximum_message_size, after.maximum_message_size));
    }
    if (before.redrive != after.redrive) {
        found.push_back(fmt::format("dlq {} -> {}", to_text(before.redrive), to_text(after.redrive)));
    }
    return found;
}

}  // namespace orderflow
