#include "libs/storage/memory/memory_endpoints.hpp"

#include <algorithm>
#include <set>

namespace orderflow::storage {

void MemoryEndpoints::append(const orders::OrderId& order, const std::vector<orders::OrderEvent>& events) {
    if (events.empty()) return;
    ++transitions_;
    for (const auto& event : events) events_.emplace_back(orders::EventPosition{transitions_, 0}, order, event);
}

std::vector<orders::EventEndpoint> MemoryEndpoints::all() const {
    std::vector<orders::EventEndpoint> endpoints;
    for (const auto& [id, endpoint] : endpoints_) endpoints.push_back(endpoint);
    return endpoints;
}

std::optional<orders::EventEndpoint> MemoryEndpoints::find(const std::string& id) const {
    const auto found = endpoints_.find(id);
    return found != endpoints_.end() ? std::optional(found->second) : std::nullopt;
}

std::vector<orders::EventLane> MemoryEndpoints::lanes(const std::string& endpoint) const {
    std::vector<orders::EventLane> lanes;
    for (const auto& [key, lane] : lanes_) {
        if (key.first == endpoint) lanes.push_back(lane);
    }
    return lanes;
}

orders::DeliveryPage MemoryEndpoints::deliveries(const orders::DeliveryQuery& query) const {
    const auto limit = std::clamp<std::size_t>(query.limit, 1, orders::limits::deliveries_page_max);
    orders::DeliveryPage page;
    for (auto one = deliveries_.rbegin(); one != deliveries_.rend(); ++one) {
        const bool wanted = one->endpoint == query.endpoint && (!query.below || one->number < *query.below) &&
                            (!query.order || one->order == *query.order) &&
                            (!query.outcome || one->outcome == *query.outcome);
        if (!wanted) continue;
        if (page.deliveries.size() == limit) {
            page.has_more = true;
            break;
        }
        page.deliveries.push_back(*one);
    }
    return page;
}

std::vector<orders::EventDelivery> MemoryEndpoints::deliveries_of(const orders::OrderId& order) const {
    std::vector<orders::EventDelivery> found;
    for (auto one = deliveries_.rbegin(); one != deliveries_.rend(); ++one) {
        if (one->order == order && found.size() < orders::limits::deliveries_page_max) found.push_back(*one);
    }
    return found;
}

orders::FeedPage MemoryEndpoints::feed(orders::EventPosition after, std::uint32_t transitions) const {
    orders::FeedPage page;
    std::set<orders::EventPosition> read;
    for (const auto& event : events_) {
        if (event.at <= after) continue;
        if (!read.contains(event.at) && read.size() == transitions) return page;
        read.insert(event.at);
        page.events.push_back(event);
    }
    page.at_end = read.size() < transitions;
    return page;
}

orders::EndpointLoaded MemoryEndpoints::load(const orders::EndpointCommand& command) const {
    orders::EndpointLoaded loaded;
    loaded.endpoint = find(command.endpoint);
    loaded.endpoints = endpoints_.size();
    const auto known = lanes(command.endpoint);
    loaded.replays = static_cast<std::size_t>(
        std::ranges::count_if(known, [](const auto& lane) { return lane.kind != orders::LaneKind::live; }));
    loaded.head = head();
    return loaded;
}

void MemoryEndpoints::write(const std::string& id, const orders::EndpointDecision& decision) {
    if (decision.put) {
        auto endpoint = *decision.put;
        if (const auto known = endpoints_.find(id); known != endpoints_.end()) {
            endpoint.owner = known->second.owner;
            endpoint.beat = known->second.beat;
        }
        endpoints_.insert_or_assign(id, std::move(endpoint));
    }
    if (decision.lane) lanes_.emplace(std::pair(id, decision.lane->id), *decision.lane);
    if (!decision.remove) return;
    endpoints_.erase(id);
    std::erase_if(lanes_, [&](const auto& entry) { return entry.first.first == id; });
    std::erase_if(deliveries_, [&](const auto& entry) { return entry.endpoint == id; });
}

bool MemoryEndpoints::change_lease(const orders::LeaseChange& change) {
    const auto found = endpoints_.find(change.endpoint);
    if (found == endpoints_.end()) return false;
    auto& endpoint = found->second;
    if (endpoint.owner != change.owner || endpoint.beat != change.beat) return false;
    endpoint.owner = change.new_owner;
    endpoint.beat = change.new_beat;
    return true;
}

Result<void> MemoryEndpoints::record(const orders::DeliveryProgress& progress, WallTime now) {
    const auto found = endpoints_.find(progress.endpoint);
    if (found == endpoints_.end() || found->second.owner != progress.owner) {
        return fail(ErrorKind::conflict, "webhook.lease_lost", "somebody else serves " + progress.endpoint);
    }
    for (const auto& lane : progress.lanes) {
        const auto known = lanes_.find({progress.endpoint, lane.id});
        if (known != lanes_.end()) known->second = lane;
    }
    for (const auto& lane : progress.ended) lanes_.erase({progress.endpoint, lane});
    for (const auto& entry : progress.log) {
        deliveries_.push_back(entry);
        deliveries_.back().number = ++last_delivery_;
    }
    if (!progress.disable.empty() && found->second.enabled) orders::disable(found->second, progress.disable, now);
    if (progress.forget_before) forget(progress.endpoint, *progress.forget_before);
    return {};
}

void MemoryEndpoints::forget(const orders::OrderId& order) {
    std::erase_if(deliveries_, [&](const auto& entry) { return entry.order == order; });
}

void MemoryEndpoints::forget(const std::string& endpoint, WallTime before) {
    auto left = std::ranges::count(deliveries_, endpoint, &orders::EventDelivery::endpoint);
    std::erase_if(deliveries_, [&](const auto& entry) {
        if (entry.endpoint != endpoint) return false;
        const bool old = entry.at < before || left > orders::limits::deliveries_kept;
        if (old) --left;
        return old;
    });
}

}  // namespace orderflow::storage
