// The bodies of requests about webhook endpoints, from untrusted JSON. The rules are those of contracts/openapi.yaml.
#pragma once

#include <expected>

#include "libs/contract/field_error.hpp"
#include "libs/contract/operator_request.hpp"
#include "libs/json/value.hpp"
#include "libs/orders/domain/endpoint_command.hpp"

namespace orderflow::contract {

struct CreateEndpointRequest {
    OperatorNote note;
    orders::EndpointSettings settings;
};
struct UpdateEndpointRequest {
    OperatorNote note;
    orders::UpdateEndpoint update;
};
struct ReplayRequest {
    OperatorNote note;
    orders::EndpointWish wish;  // ReplayEvent or ReplayRange
};

// Each, or every broken rule (never none). Pure. What a URL may be is not judged here.
std::expected<CreateEndpointRequest, FieldErrors> read_create_endpoint(const json::Value& body);
std::expected<UpdateEndpointRequest, FieldErrors> read_update_endpoint(const json::Value& body);
std::expected<ReplayRequest, FieldErrors> read_replay(const json::Value& body);

}  // namespace orderflow::contract
