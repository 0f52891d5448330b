// The only file that includes prometheus-cpp.
#include "libs/observe/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace orderflow::observe {

namespace {

class PrometheusCounter final : public Counter {
  public:
    explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
    void add(std::uint64_t count) noexcept override { counter_.Increment(static_cast<double>(count)); }

  private:
    prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
  public:
    explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
    void set(double value) noexcept override { gauge_.Set(value); }
    void add(double difference) noexcept override { gauge_.Increment(difference); }
    prometheus::Gauge* place() noexcept { return &gauge_; }

  private:
    prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
  public:
    explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
    void observe(double value) noexcept override { histogram_.Observe(value); }

  private:
    prometheus::Histogram& histogram_;
};

enum class Kind : std::uint8_t { counter, gauge, histogram };

Reading reading_of(const prometheus::MetricFamily& family, const prometheus::ClientMetric& metric) {
    Reading reading{.name = family.name, .labels = {}};
    for (const auto& [name, value] : metric.label) reading.labels.emplace(name, value);
    if (family.type == prometheus::MetricType::Counter) reading.value = metric.counter.value;
    if (family.type == prometheus::MetricType::Gauge) reading.value = metric.gauge.value;
    if (family.type == prometheus::MetricType::Histogram) {
        reading.value = static_cast<double>(metric.histogram.sample_count);
        for (const auto& bucket : metric.histogram.bucket) {
            reading.buckets.emplace_back(bucket.upper_bound, static_cast<double>(bucket.cumulative_count));
        }
    }
    return reading;
}

using Series = std::pair<std::string, Metrics::Labels>;

}  // namespace

struct Metrics::State {
    struct Declared {
        Kind kind;
        std::string help;
    };
    struct Callback {
        Gauge& gauge;
        std::function<double()> value;
    };

    // Throws when the name breaks a rule or was declared differently.
    void declare(const std::string& name, Kind kind, const std::string& help) {
        const auto refuse = [&name](const char* why) { throw std::invalid_argument("metric " + name + ": " + why); };
        if (!name.starts_with("orderflow_")) refuse("must begin with orderflow_");
        if ((kind == Kind::counter) != name.ends_with("_total")) refuse("counters, and only they, end in _total");
        const auto [known, first] = declared.emplace(name, Declared{.kind = kind, .help = help});
        if (!first && (known->second.kind != kind || known->second.help != help)) refuse("was declared differently");
    }

    // Everything there is, with the gauges that are asked. The lock is held.
    std::vector<prometheus::MetricFamily> collect() const {
        for (const auto& [gauge, value] : callbacks) gauge.set(value());
        return registry.Collect();
    }

    mutable std::mutex mutex;
    prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
    std::map<std::string, Declared> declared;
    std::map<Series, std::unique_ptr<Counter>> counters;
    std::map<Series, std::unique_ptr<PrometheusGauge>> gauges;
    std::map<Series, std::unique_ptr<Histogram>> histograms;
    std::vector<Callback> callbacks;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
    const std::lock_guard lock(state_->mutex);
    state_->declare(name, Kind::counter, help);
    auto& slot = state_->counters[{name, labels}];
    if (!slot) {
        auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
        slot = std::make_unique<PrometheusCounter>(family.Add(labels));
    }
    return *slot;
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
    const std::lock_guard lock(state_->mutex);
    state_->declare(name, Kind::gauge, help);
    auto& slot = state_->gauges[{name, labels}];
    if (!slot) {
        auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
        slot = std::make_unique<PrometheusGauge>(family.Add(labels));
    }
    return *slot;
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help, std::vector<double> upper_bounds,
                              const Labels& labels) {
    const std::lock_guard lock(state_->mutex);
    if (!std::ranges::is_sorted(upper_bounds)) throw std::invalid_argument("metric " + name + ": bounds must rise");
    state_->declare(name, Kind::histogram, help);
    auto& slot = state_->histograms[{name, labels}];
    if (!slot) {
        auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
        slot = std::make_unique<PrometheusHistogram>(family.Add(labels, std::move(upper_bounds)));
    }
    return *slot;
}

void Metrics::gauge_of(const std::string& name, const std::string& help, std::function<double()> value,
                       const Labels& labels) {
    auto& asked = gauge(name, help, labels);
    const std::lock_guard lock(state_->mutex);
    state_->callbacks.push_back({.gauge = asked, .value = std::move(value)});
}

void Metrics::remove_gauge(const std::string& name, const Labels& labels) {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->gauges.find({name, labels});
    if (found == state_->gauges.end()) return;
    auto& family = prometheus::BuildGauge().Name(name).Help(state_->declared.at(name).help).Register(state_->registry);
    family.Remove(found->second->place());
    state_->gauges.erase(found);
}

std::vector<double> Metrics::latency_bounds() {
    return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
}

std::string Metrics::render() const {
    const std::lock_guard lock(state_->mutex);
    return prometheus::TextSerializer().Serialize(state_->collect());
}

std::vector<Reading> Metrics::read() const {
    const std::lock_guard lock(state_->mutex);
    std::vector<Reading> readings;
    for (const auto& family : state_->collect()) {
        for (const auto& metric : family.metric) readings.push_back(reading_of(family, metric));
    }
    return readings;
}

}  // namespace orderflow::observe
