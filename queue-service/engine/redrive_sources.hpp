// RedriveSources: which queues name a queue as their dead-letter queue, in the order of their names.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "queue-service/engine/queue_name.hpp"
#include "queue-service/engine/queue_settings.hpp"

namespace orderflow::queue {

class RedriveSources {
  public:
    void add(const QueueName& source, const QueueSettings& settings) {
        if (settings.redrive) sources_[target(source, settings)].insert(source.name);
    }
    void remove(const QueueName& source, const QueueSettings& settings) {
        if (!settings.redrive) return;
        const auto known = sources_.find(target(source, settings));
        known->second.erase(source.name);
        if (known->second.empty()) sources_.erase(known);
    }
    bool any(const QueueName& dead_letter_queue) const { return sources_.contains(dead_letter_queue); }
    // Names behind `after`, at most `limit`.
    std::vector<std::string> list(const QueueName& dead_letter_queue, const std::string& after,
                                  std::size_t limit) const {
        std::vector<std::string> names;
        const auto known = sources_.find(dead_letter_queue);
        if (known == sources_.end()) return names;
        for (auto it = known->second.upper_bound(after); it != known->second.end() && names.size() < limit; ++it) {
            names.push_back(*it);
        }
        return names;
    }

  private:
    static QueueName target(const QueueName& source, const QueueSettings& settings) {
        return {source.scope, settings.redrive->dead_letter_queue};
    }

    std::map<QueueName, std::set<std::string>> sources_;
};

}  // namespace orderflow::queue
