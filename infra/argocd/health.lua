-- Argo CD's health of a SidecarSet, served by sidecarset-serverless (its conditions) or by OpenKruise (its counts).
-- Argo CD runs Lua 5.1 without string and math; `..` prints its whole numbers without a point. Any field may be absent.

local function fields(value)
  if type(value) == 'table' then return value end
  return {}
end

local function health(status, message)
  return { status = status, message = message }
end

local metadata = fields(fields(obj).metadata)
local strategy = fields(fields(fields(obj).spec).updateStrategy)
local status = fields(fields(obj).status)
local generation = tonumber(metadata.generation) or 0

if metadata.deletionTimestamp ~= nil then
  return health('Progressing', 'being deleted')
end

local function unseen()
  return health('Progressing', 'waiting for the rollout function to see generation ' .. generation)
end

local observed = tonumber(status.observedGeneration)
if observed == nil or observed < generation then
  return unseen()
end

local ours = { Progressing = true, Available = true, Degraded = true, Paused = true }
local conditions = {}
for _, entry in ipairs(fields(status.conditions)) do
  local condition = fields(entry)
  if ours[condition.type] then
    if (tonumber(condition.observedGeneration) or generation) < generation then
      return unseen()
    end
    conditions[condition.type] = condition
  end
end

local function is(kind, value)
  return fields(conditions[kind]).status == value
end

local function as(name, kind)
  local condition = fields(conditions[kind])
  return health(name, condition.message or condition.reason or '')
end

if next(conditions) ~= nil then
  if is('Paused', 'True') then return as('Suspended', 'Paused') end
  if is('Degraded', 'True') then return as('Degraded', 'Degraded') end
  if conditions.Progressing == nil then return unseen() end
  if not is('Progressing', 'False') then return as('Progressing', 'Progressing') end
  if conditions.Progressing.reason == 'InvalidStrategy' then return as('Degraded', 'Progressing') end
  if is('Available', 'False') then return as('Progressing', 'Available') end
  return as('Healthy', 'Progressing')
end

-- OpenKruise writes no conditions. What follows is its status only.
local matched = tonumber(status.matchedPods) or 0
local updated = tonumber(status.updatedPods) or 0
local ready = tonumber(status.updatedReadyPods) or 0
local share = updated .. ' of ' .. matched .. ' Pods updated'

if strategy.type == 'NotUpdate' then
  return health('Healthy', share .. '; the update strategy is NotUpdate')
end
if strategy.paused == true then
  return health('Suspended', share .. '; paused')
end

-- How many Pods the partition lets go, as OpenKruise counts: a percentage rounds down, but of several at least one goes.
local function released(partition)
  if type(partition) == 'number' then return matched - partition end
  for percent = 0, 99 do
    if partition == percent .. '%' then
      local hundredths = matched * (100 - percent)
      local pods = (hundredths - hundredths % 100) / 100
      if pods == 0 and matched > 1 then return 1 end
      return pods
    end
  end
  return 0
end

local wanted = matched
if next(fields(strategy.selector)) ~= nil then
  -- The status doesn't tell how many Pods it selects.
  wanted = 0
elseif strategy.partition ~= nil and strategy.partition ~= '0' then
  wanted = released(strategy.partition)
end

if updated < wanted then
  return health('Progressing', share)
end
if ready < updated then
  return health('Progressing', ready .. ' of ' .. updated .. ' updated Pods are ready')
end
if updated < matched then
  return health('Healthy', share .. '; the rest is kept back by partition or selector')
end
return health('Healthy', share)
