// Metrics: counters, gauges and histograms for the Prometheus text format (0.0.4).
//
// Everything is declared when the program starts, with all its label values; what is counted later costs one atomic
// operation (a histogram: one lock that only its own observers and the reader take). References stay valid as long as
// the Metrics object.
//
//   Counter& settled = metrics.counter("orderflow_orders_settled_total", "Orders settled.", {{"status", "confirmed"}});
//   settled.add();
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/observe/reading.hpp"

namespace orderflow::observe {

class Counter {
  public:
    virtual ~Counter() = default;
    virtual void add(std::uint64_t count = 1) noexcept = 0;
};

class Gauge {
  public:
    virtual ~Gauge() = default;
    virtual void set(double value) noexcept = 0;
    virtual void add(double difference) noexcept = 0;
};

class Histogram {
  public:
    virtual ~Histogram() = default;
    virtual void observe(double value) noexcept = 0;
};

class Metrics {
  public:
    using Labels = std::map<std::string, std::string>;

    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // The same name and labels give the same metric. Names are orderflow_<what>_<unit>, counters end in _total; another
    // name, a name with another kind or help text, or a bad label throws std::invalid_argument: a bug of the start.
    Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
    // `upper_bounds` rise; +Inf is added.
    Histogram& histogram(const std::string& name, const std::string& help, std::vector<double> upper_bounds,
                         const Labels& labels = {});
    // A gauge that is asked when it is read: `value` is called by render() and read(), on their threads.
    void gauge_of(const std::string& name, const std::string& help, std::function<double()> value,
                  const Labels& labels = {});

    // Bounds for durations in seconds, from 100 us to 60 s.
    static std::vector<double> latency_bounds();

    // Takes a gauge out of the exposition; its reference must not be used any more. Nothing to do when it is not there.
    void remove_gauge(const std::string& name, const Labels& labels);

    // The exposition, for Content-Type "text/plain; version=0.0.4". Any thread.
    std::string render() const;

    // Every series as render() would tell it. Any thread.
    std::vector<Reading> read() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace orderflow::observe
