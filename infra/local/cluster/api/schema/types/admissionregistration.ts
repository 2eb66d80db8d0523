/** Types of the group admissionregistration. See ../tables.ts for how to read them. */
export const ADMISSIONREGISTRATION: Record<string, string> = {
  AuditAnnotation: 'key string*, valueExpression string*',
  ExpressionWarning: 'fieldRef string*, warning string*',
  MatchCondition: 'expression string*, name string*=',
  MatchResources: `
    ! excludeResourceRules NamedRuleWithOperations[], matchPolicy string,
    namespaceSelector meta.LabelSelector, objectSelector meta.LabelSelector,
    resourceRules NamedRuleWithOperations[]`,
  MutatingWebhook: `
    admissionReviewVersions string[]*, clientConfig WebhookClientConfig*, failurePolicy string,
    matchConditions MatchCondition[name], matchPolicy string, name string*=,
    namespaceSelector meta.LabelSelector, objectSelector meta.LabelSelector, reinvocationPolicy string,
    rules RuleWithOperations[], sideEffects string*, timeoutSeconds int32`,
  MutatingWebhookConfiguration: `
    apiVersion string, kind string, metadata meta.ObjectMeta, webhooks MutatingWebhook[name]`,
  NamedRuleWithOperations: `
    ! apiGroups string[], apiVersions string[], operations string[], resourceNames string[],
    resources string[], scope string`,
  ParamKind: '! apiVersion string, kind string',
  ParamRef: '! name string, namespace string, parameterNotFoundAction string, selector meta.LabelSelector',
  RuleWithOperations: `
    apiGroups string[], apiVersions string[], operations string[], resources string[], scope string`,
  ServiceReference: 'name string*, namespace string*, path string, port int32',
  TypeChecking: 'expressionWarnings ExpressionWarning[]',
  ValidatingAdmissionPolicy: `
    apiVersion string, kind string, metadata meta.ObjectMeta, spec ValidatingAdmissionPolicySpec,
    status ValidatingAdmissionPolicyStatus`,
  ValidatingAdmissionPolicyBinding: `
    apiVersion string, kind string, metadata meta.ObjectMeta, spec ValidatingAdmissionPolicyBindingSpec`,
  ValidatingAdmissionPolicyBindingSpec: `
    matchResources MatchResources, paramRef ParamRef, policyName string, validationActions string[=]`,
  ValidatingAdmissionPolicySpec: `
    auditAnnotations AuditAnnotation[], failurePolicy string, matchConditions MatchCondition[name],
    matchConstraints MatchResources, paramKind ParamKind, validations Validation[],
    variables Variable[name]`,
  ValidatingAdmissionPolicyStatus: `
    conditions meta.Condition[type], observedGeneration int64, typeChecking TypeChecking`,
  ValidatingWebhook: `
    admissionReviewVersions string[]*, clientConfig WebhookClientConfig*, failurePolicy string,
    matchConditions MatchCondition[name], matchPolicy string, name string*=,
    namespaceSelector meta.LabelSelector, objectSelector meta.LabelSelector, rules RuleWithOperations[],
    sideEffects string*, timeoutSeconds int32`,
  ValidatingWebhookConfiguration: `
    apiVersion string, kind string, metadata meta.ObjectMeta, webhooks ValidatingWebhook[name]`,
  Validation: 'expression string*, message string, messageExpression string, reason string',
  Variable: '! expression string*, name string*=',
  WebhookClientConfig: 'caBundle bytes, service ServiceReference, url string',
};
