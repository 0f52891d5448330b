#include "libs/alarms/measure_history.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>

namespace orderflow::alarms {
namespace {

using observe::Reading;
using Readings = std::span<const Reading>;

bool fits(const SeriesFilter& filter, const Reading& reading) {
    if (reading.name != filter.metric) return false;
    return std::ranges::all_of(filter.labels, [&reading](const auto& wanted) {
        const auto found = reading.labels.find(wanted.first);
        return found != reading.labels.end() && wanted.second.contains(found->second);
    });
}

// Of all series that fit; nothing when there is none.
std::optional<double> total(const SeriesFilter& filter, Readings readings) {
    std::optional<double> sum;
    for (const auto& reading : readings) {
        if (fits(filter, reading)) sum = sum.value_or(0) + reading.value;
    }
    return sum;
}

// By the value of a label; without a label all are one.
std::map<std::string, double> totals_by(const std::string& label, const SeriesFilter& filter, Readings readings) {
    std::map<std::string, double> totals;
    for (const auto& reading : readings) {
        if (!fits(filter, reading)) continue;
        const auto found = reading.labels.find(label);
        totals[found != reading.labels.end() ? found->second : std::string()] += reading.value;
    }
    return totals;
}

// Observations below each upper bound, of all histograms that fit.
std::map<double, double> buckets(const SeriesFilter& filter, Readings readings) {
    std::map<double, double> below;
    for (const auto& reading : readings) {
        if (!fits(filter, reading)) continue;
        for (const auto& [upper, count] : reading.buckets) below[upper] += count;
    }
    return below;
}

// Within the bucket that the quantile falls into, observations are taken to lie evenly. Beyond the last bound there is
// only that bound to tell.
double quantile_of(double quantile, const std::vector<double>& uppers, const std::vector<double>& below) {
    const auto rank = quantile * below.back();
    const auto found = std::ranges::find_if(below, [rank](double count) { return count >= rank; });
    const auto i = static_cast<std::size_t>(found - below.begin());
    const auto lower = i == 0 ? 0.0 : uppers[i - 1];
    if (std::isinf(uppers[i])) return lower;
    const auto before = i == 0 ? 0.0 : below[i - 1];
    const auto inside = below[i] - before;
    return inside <= 0 ? uppers[i] : lower + (uppers[i] - lower) * (rank - before) / inside;
}

}  // namespace

std::optional<double> MeasureHistory::take(Readings readings, Instant now) {
    if (const auto* level = std::get_if<Level>(&measure_)) return value_of(*level, readings);
    if (const auto* still = std::get_if<Standstill>(&measure_)) return value_of(*still, readings, now);
    if (const auto* increase = std::get_if<Increase>(&measure_)) {
        const auto risen = rise({total(increase->of, readings).value_or(0)}, increase->window, now);
        return risen ? std::optional(risen->front()) : std::nullopt;
    }
    if (const auto* share = std::get_if<Share>(&measure_)) {
        const auto part = total(share->part, readings).value_or(0);
        const auto risen = rise({part, total(share->whole, readings).value_or(0)}, share->window, now);
        if (!risen || risen->back() <= 0 || risen->back() < share->at_least) return std::nullopt;
        return risen->front() / risen->back();
    }
    const auto& quantile = std::get<Quantile>(measure_);
    std::vector<double> uppers;
    std::vector<double> counts;
    for (const auto& [upper, count] : buckets(quantile.of, readings)) {
        uppers.push_back(upper);
        counts.push_back(count);
    }
    if (counts.empty()) return std::nullopt;
    const auto risen = rise(std::move(counts), quantile.window, now);
    if (!risen || risen->back() <= 0 || risen->back() < quantile.at_least) return std::nullopt;
    return quantile_of(quantile.quantile, uppers, *risen);
}

std::optional<double> MeasureHistory::value_of(const Level& level, Readings readings) const {
    std::optional<double> value;
    for (const auto& reading : readings) {
        if (!fits(level.of, reading)) continue;
        const auto other = value.value_or(reading.value);
        value = level.smallest ? std::min(other, reading.value) : std::max(other, reading.value);
    }
    return value;
}

std::optional<double> MeasureHistory::value_of(const Standstill& still, Readings readings, Instant now) {
    const auto waiting = totals_by(still.by, still.waiting, readings);
    const auto progress = totals_by(still.by, still.progress, readings);
    std::optional<double> longest;
    for (const auto& [group, count] : waiting) {
        const auto done = progress.find(group);
        const auto stood = stood_still(group, count, done != progress.end() ? done->second : 0, now);
        longest = std::max(longest.value_or(0), stood);
    }
    return longest;
}

double MeasureHistory::stood_still(const std::string& group, double waiting, double progress, Instant now) {
    auto& moved = moved_.try_emplace(group, Movement{now, progress}).first->second;
    if (waiting <= 0 || progress > moved.progress) moved.at = now;
    moved.progress = progress;
    return std::chrono::duration<double>(now - moved.at).count();
}

std::optional<std::vector<double>> MeasureHistory::rise(std::vector<double> totals, BootClock::duration window,
                                                        Instant now) {
    // A series that begins later makes a histogram with other bounds: what was before cannot be compared.
    if (!points_.empty() && points_.front().totals.size() != totals.size()) points_.clear();
    points_.push_back({now, std::move(totals)});
    // The last point at or before the window's begin stays, so that the whole window is covered.
    while (points_.size() > 2 && points_[1].at <= now - window) points_.pop_front();
    if (points_.size() < 2) return std::nullopt;
    auto risen = points_.back().totals;
    for (std::size_t i = 0; i < risen.size(); ++i) risen[i] -= points_.front().totals[i];
    return risen;
}

}  // namespace orderflow::alarms
