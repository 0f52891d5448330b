#include "libs/observe/emf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "libs/json/writer.hpp"
#include "libs/observe/printable.hpp"

namespace orderflow::observe {

namespace {

constexpr std::size_t dimension_bytes_max = 255;
constexpr double value_min = 8.515920e-109;  // below, in size, CloudWatch wants 0
constexpr double value_max = 1.174271e+108;

struct Told {
    std::string name;
    std::string value;  // JSON
};

std::string_view unit_of(std::string_view name) {
    if (name.ends_with("_total")) return "Count";
    if (name.ends_with("_seconds")) return "Seconds";
    if (name.ends_with("_bytes")) return "Bytes";
    return "None";
}

std::optional<std::string> number(double value) {
    if (!std::isfinite(value) || std::abs(value) > value_max) return std::nullopt;
    return fmt::to_string(std::abs(value) < value_min ? 0.0 : value);
}

// Dimensions are printable ASCII, and not blank.
std::string dimension(std::string_view text) {
    std::string kept(text.substr(0, dimension_bytes_max));
    std::ranges::replace_if(kept, [](char c) { return c < ' ' || c > '~'; }, '?');
    return kept.find_first_not_of(' ') == std::string::npos ? "none" : kept;
}

// Of the bucket that ends at `i`: the infinite one has the bound before it.
double value_of(const Reading& reading, std::size_t i) {
    const auto bound = reading.buckets[i].first;
    return std::isfinite(bound) || i == 0 ? bound : reading.buckets[i - 1].first;
}

std::optional<std::string> distribution(const Reading& reading, std::vector<double>& before) {
    before.resize(reading.buckets.size());
    std::map<double, double> counts;
    double below = 0;  // observed since the last time, up to the bucket before
    for (std::size_t i = 0; i < reading.buckets.size(); ++i) {
        const auto up_to_here = reading.buckets[i].second - before[i];
        before[i] = reading.buckets[i].second;
        if (up_to_here > below) counts[value_of(reading, i)] += up_to_here - below;
        below = up_to_here;
    }
    std::vector<std::pair<std::string, std::string>> texts;
    for (const auto& [value, count] : counts) {
        if (const auto text = number(value)) texts.emplace_back(*text, fmt::to_string(count));
    }
    if (texts.empty() || texts.size() > EmfWriter::values_max) return std::nullopt;
    json::Writer out;
    out.begin_object().key("Values").begin_array();
    for (const auto& [value, count] : texts) out.raw(value);
    out.end_array().key("Counts").begin_array();
    for (const auto& [value, count] : texts) out.raw(count);
    return std::move(out.end_array().end_object()).take();
}

std::string line_of(const std::map<std::string, std::string>& dimensions, std::span<const Told> metrics, WallTime at) {
    json::Writer out;
    out.reserve(512 + metrics.size() * 128);
    out.begin_object().key("_aws").begin_object().key("Timestamp").integer(to_unix_ms(at));
    out.key("CloudWatchMetrics").begin_array().begin_object().key("Namespace").string(EmfWriter::name_space);
    out.key("Dimensions").begin_array().begin_array();
    for (const auto& [name, value] : dimensions) out.string(name);
    out.end_array().end_array().key("Metrics").begin_array();
    for (const auto& metric : metrics) {
        out.begin_object().key("Name").string(metric.name).key("Unit").string(unit_of(metric.name)).end_object();
    }
    out.end_array().end_object().end_array().end_object();
    for (const auto& [name, value] : dimensions) out.key(name).string(dimension(value));
    for (const auto& metric : metrics) out.key(metric.name).raw(metric.value);
    return std::move(out.end_object()).take();
}

}  // namespace

std::vector<std::string> EmfWriter::lines(const std::vector<Reading>& readings, WallTime at) {
    std::map<std::map<std::string, std::string>, std::vector<Told>> by_dimensions;
    for (const auto& reading : readings) {
        if (reading.labels.size() >= dimensions_max) continue;
        auto& before = before_[{reading.name, reading.labels}];
        std::optional<std::string> told;
        if (!reading.buckets.empty()) {
            told = distribution(reading, before.buckets);
        } else if (reading.name.ends_with("_total")) {
            told = number(reading.value - std::exchange(before.value, reading.value));
        } else {
            told = number(reading.value);
        }
        if (!told) continue;
        auto dimensions = reading.labels;
        dimensions["service"] = service_;
        by_dimensions[std::move(dimensions)].push_back({.name = reading.name, .value = *std::move(told)});
    }
    std::vector<std::string> lines;
    for (const auto& [dimensions, metrics] : by_dimensions) {
        for (std::size_t begin = 0; begin < metrics.size(); begin += metrics_max) {
            const auto count = std::min(metrics_max, metrics.size() - begin);
            lines.push_back(line_of(dimensions, std::span(metrics).subspan(begin, count), at));
        }
    }
    return lines;
}

}  // namespace orderflow::observe
