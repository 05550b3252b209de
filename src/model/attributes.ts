/**
 * The attributes that Rollcall knows by name, so that a misspelt one in a campaign or a template is found before anything
 * is read. All names are lower case: LDAP's are case-insensitive (RFC 4512 §2.5) and are normalised once, on reading.
 */
const words = (text: string): readonly string[] => text.toLowerCase().trim().split(/\s+/);

/** RFC 4519 (with RFC 4512's and RFC 4530's operational ones). */
const rfc4519 = words(`
  businessCategory c cn commonName countryName dc description destinationIndicator distinguishedName dnQualifier domainComponent
  enhancedSearchGuide facsimileTelephoneNumber fax generationQualifier givenName gn houseIdentifier initials
  internationalISDNNumber l localityName member name o objectClass organizationName organizationalUnitName ou owner
  physicalDeliveryOfficeName postalAddress postalCode postOfficeBox preferredDeliveryMethod registeredAddress roleOccupant
  searchGuide seeAlso serialNumber sn st stateOrProvinceName street streetAddress surname telephoneNumber
  teletexTerminalIdentifier telexNumber title uid uniqueMember userId userPassword x121Address x500UniqueIdentifier
  createTimestamp creatorsName entryDN entryUUID hasSubordinates memberOf modifiersName modifyTimestamp structuralObjectClass
  subschemaSubentry
`);

/** RFC 4524 (COSINE) and RFC 2798 (inetOrgPerson). */
const people = words(`
  associatedDomain associatedName buildingName co documentAuthor documentIdentifier documentLocation documentPublisher
  documentTitle documentVersion drink favouriteDrink friendlyCountryName homePhone homePostalAddress homeTelephoneNumber host
  info mail rfc822Mailbox manager mobile mobileTelephoneNumber organizationalStatus otherMailbox pager pagerTelephoneNumber
  personalTitle roomNumber secretary singleLevelQuality uniqueIdentifier userClass
  audio carLicense departmentNumber displayName employeeNumber employeeType jpegPhoto labeledURI photo preferredLanguage
  userCertificate userPKCS12 userSMIMECertificate
`);

/** posixAccount and shadowAccount (RFC 2307), and the account states of OpenLDAP, 389, FreeIPA, eDirectory and Samba 3. */
const accounts = words(`
  gecos gidNumber homeDirectory loginShell memberUid uidNumber
  shadowExpire shadowFlag shadowInactive shadowLastChange shadowMax shadowMin shadowWarning sshPublicKey
  pwdAccountLockedTime pwdChangedTime pwdReset nsAccountLock nsRole nsRoleDN nsUniqueId ipaUniqueID krbPrincipalName
  krbCanonicalName krbPrincipalExpiration loginDisabled loginExpirationTime GUID sambaAcctFlags sambaKickoffTime sambaSID
`);

/** What Active Directory keeps of a user, AD LDS included. */
const activeDirectory = words(`
  accountExpires accountNameHistory adminCount adminDescription adminDisplayName allowedAttributes altRecipient
  altSecurityIdentities assistant attributeCertificateAttribute badPasswordTime badPwdCount canonicalName codePage comment
  company controlAccessRights countryCode defaultClassStore department desktopProfile directReports displayNamePrintable
  division dSCorePropagationData dynamicLDAPServer employeeID groupMembershipSAM groupPriority groupsToIgnore homeDirectory
  homeDrive homePage instanceType internationalISDNNumber ipPhone isCriticalSystemObject isDeleted lastKnownParent lastLogoff
  lastLogon lastLogonTimestamp legacyExchangeDN lmPwdHistory localeID lockoutTime logonCount logonHours logonWorkstation
  managedObjects maxStorage mhsORAddress middleName
  mS-DS-ConsistencyGuid mS-DS-CreatorSID msDS-AuthenticatedAtDC msDS-cloudExtensionAttribute1 msDS-cloudExtensionAttribute2
  msDS-cloudExtensionAttribute3 msDS-cloudExtensionAttribute4 msDS-cloudExtensionAttribute5 msDS-cloudExtensionAttribute6
  msDS-cloudExtensionAttribute7 msDS-cloudExtensionAttribute8 msDS-cloudExtensionAttribute9 msDS-cloudExtensionAttribute10
  msDS-cloudExtensionAttribute11 msDS-cloudExtensionAttribute12 msDS-cloudExtensionAttribute13
  msDS-cloudExtensionAttribute14 msDS-cloudExtensionAttribute15 msDS-cloudExtensionAttribute16
  msDS-cloudExtensionAttribute17 msDS-cloudExtensionAttribute18 msDS-cloudExtensionAttribute19
  msDS-cloudExtensionAttribute20 msDS-ExternalDirectoryObjectId msDS-GeoCoordinatesAltitude msDS-GeoCoordinatesLatitude
  msDS-GeoCoordinatesLongitude msDS-HABSeniorityIndex msDS-PhoneticCompanyName msDS-PhoneticDepartment
  msDS-PhoneticDisplayName msDS-PhoneticFirstName msDS-PhoneticLastName msDS-preferredDataLocation msDS-PrincipalName
  msDS-SourceAnchor msDS-SourceObjectDN msDS-SupportedEncryptionTypes msDS-User-Account-Control-Computed
  msDS-UserAccountDisabled msDS-UserPasswordExpiryTimeComputed
  networkAddress nTSecurityDescriptor objectCategory objectGUID objectSid objectVersion operatorCount otherFacsimileTelephoneNumber
  otherHomePhone otherIpPhone otherLoginWorkstations otherMailbox otherMobile otherPager otherTelephone
  personalPager personalTitle physicalDeliveryOfficeName postalAddress preferredOU primaryGroupID
  primaryInternationalISDNNumber primaryTelexNumber profilePath proxiedObjectName proxyAddresses pwdLastSet
  replPropertyMetaData reports sAMAccountName sAMAccountType scriptPath securityIdentifier
  servicePrincipalName showInAddressBook showInAdvancedViewOnly sIDHistory street systemFlags
  telephoneAssistant textEncodedORAddress thumbnailLogo thumbnailPhoto tokenGroups unicodePwd url userAccountControl
  userParameters userPrincipalName userSharedFolder userSharedFolderOther userWorkstations uSNChanged uSNCreated
  whenChanged whenCreated wWWHomePage
  msRTCSIP-PrimaryUserAddress msRTCSIP-UserEnabled msRTCSIP-Line msRTCSIP-LineServer msRTCSIP-DeploymentLocator
  msTSAllowLogon msTSHomeDirectory msTSHomeDrive msTSProfilePath msNPAllowDialin msNPCallingStationID
  msIIS-FTPDir msIIS-FTPRoot uid uidNumber gidNumber unixHomeDirectory loginShell gecos msSFU30Name msSFU30NisDomain
`);

/** What Exchange adds to a user. */
const exchange = words(`
  authOrig autoReply autoReplyMessage deletedItemFlags delivContLength deliverAndRedirect dLMemDefault dLMemRejectPerms
  dLMemSubmitPerms extensionAttribute1 extensionAttribute2 extensionAttribute3 extensionAttribute4 extensionAttribute5
  extensionAttribute6 extensionAttribute7 extensionAttribute8 extensionAttribute9 extensionAttribute10
  extensionAttribute11 extensionAttribute12 extensionAttribute13 extensionAttribute14 extensionAttribute15 extensionData
  forwardingAddress garbageCollPeriod homeMDB homeMTA importedFrom internetEncoding language languageCode mailNickname mAPIRecipient
  mDBOverHardQuotaLimit mDBOverQuotaLimit mDBStorageQuota mDBUseDefaults msExchArchiveGUID msExchArchiveName msExchArchiveStatus
  msExchAssistantName msExchBlockedSendersHash msExchCoManagedByLink msExchDelegateListBL msExchDelegateListLink msExchELCMailboxFlags
  msExchExtensionAttribute16 msExchExtensionAttribute17 msExchExtensionAttribute18 msExchExtensionAttribute19
  msExchExtensionAttribute20 msExchExtensionAttribute21 msExchExtensionAttribute22 msExchExtensionAttribute23
  msExchExtensionAttribute24 msExchExtensionAttribute25 msExchExtensionAttribute26 msExchExtensionAttribute27
  msExchExtensionAttribute28 msExchExtensionAttribute29 msExchExtensionAttribute30 msExchExtensionAttribute31
  msExchExtensionAttribute32 msExchExtensionAttribute33 msExchExtensionAttribute34 msExchExtensionAttribute35
  msExchExtensionAttribute36 msExchExtensionAttribute37 msExchExtensionAttribute38 msExchExtensionAttribute39
  msExchExtensionAttribute40 msExchExtensionAttribute41 msExchExtensionAttribute42 msExchExtensionAttribute43
  msExchExtensionAttribute44 msExchExtensionAttribute45
  msExchExtensionCustomAttribute1 msExchExtensionCustomAttribute2 msExchExtensionCustomAttribute3
  msExchExtensionCustomAttribute4 msExchExtensionCustomAttribute5
  msExchHideFromAddressLists msExchHomeServerName msExchMailboxGuid msExchMailboxSecurityDescriptor msExchMasterAccountSid
  msExchModerationFlags msExchOmaAdminWirelessEnable msExchPoliciesExcluded msExchPoliciesIncluded msExchRBACPolicyLink
  msExchRecipientDisplayType msExchRecipientTypeDetails msExchRemoteRecipientType msExchRequireAuthToSendTo
  msExchResourceCapacity msExchResourceDisplay msExchResourceMetaData msExchResourceSearchProperties msExchSafeRecipientsHash
  msExchSafeSendersHash msExchTextMessagingState msExchUMDtmfMap msExchUMEnabledFlags msExchUserAccountControl msExchUserCulture
  msExchUsageLocation msExchVersion msExchWhenMailboxCreated protocolSettings publicDelegates publicDelegatesBL
  replicatedObjectVersion replicationSignature reportToOriginator reportToOwner securityProtocol submissionContLength
  supportedAlgorithms targetAddress telephoneAssistant unauthOrig unmergedAtts userCert
`);

/**
 * Every attribute that needs no `people.attributes`: RFC 4519, 4524 and 2798, posixAccount, and Active Directory's and
 * Exchange's people. Lower case.
 */
export const knownAttributes: ReadonlySet<string> = new Set([
  ...rfc4519,
  ...people,
  ...accounts,
  ...activeDirectory,
  ...exchange,
]);

/**
 * Attributes whose values are bytes, seen as Base64 by templates and patterns. They must be named: a value that happens to
 * be valid UTF-8 looks like text, so that the same attribute would be text for one person and bytes for the next.
 */
export const binaryAttributes: ReadonlySet<string> = new Set(
  words(`
  audio guid jpegPhoto logonHours mS-DS-ConsistencyGuid mS-DS-CreatorSID msExchArchiveGUID msExchBlockedSendersHash
  msExchMailboxGuid msExchMailboxSecurityDescriptor msExchMasterAccountSid msExchSafeRecipientsHash msExchSafeSendersHash
  nTSecurityDescriptor objectGUID objectSid photo replicationSignature replPropertyMetaData securityIdentifier sIDHistory
  supportedAlgorithms thumbnailLogo thumbnailPhoto tokenGroups unicodePwd userCert userCertificate userPKCS12
  userSMIMECertificate x500UniqueIdentifier lmPwdHistory attributeCertificateAttribute
`),
);

/** Attributes whose values are distinguished names, compared normalised. Lower case. */
export const dnAttributes: ReadonlySet<string> = new Set(
  words(`
  altRecipient assistant associatedName authOrig creatorsName directReports distinguishedName dLMemRejectPerms dLMemSubmitPerms
  documentAuthor entryDN forwardingAddress homeMDB homeMTA managedObjects manager member memberOf modifiersName msDS-SourceObjectDN
  msExchCoManagedByLink msExchDelegateListBL msExchDelegateListLink msExchRBACPolicyLink nsRole nsRoleDN objectCategory owner
  publicDelegates publicDelegatesBL reports roleOccupant secretary seeAlso showInAddressBook unauthOrig uniqueMember
  lastKnownParent preferredOU
`),
);
