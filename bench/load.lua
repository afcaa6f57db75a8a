-- Deliveries as Google makes them: each incident of a host is opened, then closed, host after host.
local number = 0
local hosts = tonumber(os.getenv("BENCH_HOSTS"))
local name = os.getenv("BENCH_NAME")
local now = os.time()

local template = [[{"incident":{"condition":{"conditionThreshold":{"aggregations":[{"alignmentPeriod":"1200s",
"crossSeriesReducer":"REDUCE_COUNT_FALSE","groupByFields":["resource.label.*"],"perSeriesAligner":"ALIGN_NEXT_OLDER"}],
"comparison":"COMPARISON_GT","duration":"60s","filter":"resource.type = \"uptime_url\" AND metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\"",
"thresholdValue":1,"trigger":{"count":1}},"displayName":"Failure of uptime check_id %s","name":"projects/shop/alertPolicies/1/conditions/1"},
"condition_name":"Failure of uptime check_id %s","documentation":{"content":"","mime_type":"","subject":"[ALERT - No severity] uptime failure"},
"ended_at":%s,"incident_id":"0.%s%d","metadata":{"system_labels":{},"user_labels":{}},
"metric":{"displayName":"Check passed","labels":{},"type":"monitoring.googleapis.com/uptime_check/check_passed"},"observed_value":"2.000",
"policy_name":"%s uptime failure","resource":{"labels":{"host":"%s.example.com","project_id":"shop"},"type":"uptime_url"},"resource_id":"",
"resource_name":"shop Uptime Check URL labels {project_id=shop, host=%s.example.com}","resource_type_display_name":"Uptime Check URL",
"scoping_project_id":"shop","scoping_project_number":39358210889,"severity":"No severity","started_at":%d,"state":"%s",
"summary":"An uptime check on shop Uptime Check URL labels {project_id=shop, host=%s.example.com} is failing.","threshold_value":"1",
"url":"https://console.cloud.google.com/monitoring/alerting/alerts/0.%s%d?channelType=webhook&project=shop"},"version":"1.2"}]]

function request()
  local pair = math.floor(number / 2)
  local closing = number % 2 == 1
  number = number + 1
  local host = string.format("host-%06d", pair % hosts)
  local started = now - 60 + math.min(math.floor(pair / hosts), 59) -- one after the other
  local ended = closing and tostring(started + 1) or "null"
  local body = string.format(template, host, host, ended, name, pair, host, host, host, started,
    closing and "closed" or "open", host, name, pair)
  return wrk.format("POST", "/fromGCPMonitoring", { Authorization = os.getenv("BENCH_AUTHORIZATION") }, body)
end
