/** How the developers of a package name the ids of their iFlows. */
type IdStyle = 'underscore' | 'dotted' | 'camel';

/** A package of the made-up company, in the words of its developers. */
export interface Process {
  packageId: string;
  name: string;
  /** Beginning of ids and of some names. */
  prefix: string;
  style: IdStyle;
  lineOfBusiness: string;
  /** Code of the system that usually sends. */
  from: string;
  /** Code of the system that usually receives. */
  to: string;
  /** The topics of the iFlows; a `<` at the end means the other direction. */
  topics: string[];
}

/** Systems by the code that is used in ids. */
export const systems: Record<string, string> = {
  S4: 'S/4HANA',
  SFDC: 'Salesforce',
  SFSF: 'SuccessFactors',
  ARIBA: 'Ariba',
  CONCUR: 'Concur',
  EWM: 'EWM',
  TM: 'Transportation Management',
  IBP: 'IBP',
  MES: 'Siemens Opcenter',
  PLM: 'Teamcenter',
  ADP: 'ADP',
  BANK: 'House Banks',
  EDI: 'EDI Partners',
  CC: 'Commerce Cloud',
  FSM: 'Field Service',
  SNOW: 'ServiceNow',
  MDG: 'Master Data Governance',
  DATALAKE: 'Data Lake',
  TAX: 'Tax Engine',
  VIM: 'OpenText VIM',
  LMS: 'Learning',
  KRONOS: 'Kronos',
  ENTRA: 'Entra ID',
  BW: 'BW/4HANA',
  COUPA: 'Coupa',
  MAIL: 'Mail Server',
  GOV: 'Authorities',
};

const lines = `
OrderToCashCore | Order to Cash - Core | O2C | underscore | Sales | SFDC | S4 | Customer Create, Customer Change, Sales Order Create, Sales Order Change, Quotation Status<, Price List<, Credit Limit Check
OrderToCashDelivery | Order to Cash - Delivery | O2C | underscore | Sales | S4 | EWM | Outbound Delivery, Goods Issue<, Packing List<, Delivery Cancellation, Shipping Label, Serial Numbers<, Proof of Delivery<
OrderToCashBilling | Order to Cash - Billing | O2C | underscore | Finance | S4 | SFDC | Invoice, Credit Memo, Dunning Notice, Payment Status, Billing Plan<, Revenue Forecast<, Open Items
ProcureToPaySourcing | Procure to Pay - Sourcing | P2P | dotted | Sourcing and Procurement | ARIBA | S4 | Contract, Sourcing Award, Supplier Quotation, Purchase Requisition<, Outline Agreement, Catalog Item, Approval Status
ProcureToPayOrders | Procure to Pay - Orders | P2P | dotted | Sourcing and Procurement | S4 | ARIBA | Purchase Order, Purchase Order Change, Order Confirmation<, Ship Notice<, Goods Receipt, Service Entry Sheet<, Scheduling Agreement Release
ProcureToPayInvoices | Procure to Pay - Invoices | P2P | underscore | Finance | VIM | S4 | Supplier Invoice, Invoice Status<, Payment Proposal<, Remittance Advice<, Parked Document, Invoice Image, Tax Code Lookup<
SupplierOnboarding | Supplier Onboarding | SUP | camel | Sourcing and Procurement | COUPA | MDG | Supplier Registration, Supplier Bank Details, Supplier Qualification, Supplier Block<, Supplier Risk Score, Supplier Contact, Supplier Certificate
HireToRetireCore | Hire to Retire - Core | H2R | dotted | Human Resources | SFSF | S4 | Employee Replication, Organizational Unit, Cost Center<, Position, Job Classification, Employee Photo, Employment Termination
HireToRetirePayroll | Hire to Retire - Payroll | H2R | dotted | Human Resources | SFSF | ADP | Payroll Master Data, Payroll Results<, Pay Component, Bank Transfer File<, Payslip<, Absence Quota, One-Time Payment
HireToRetireLearning | Hire to Retire - Learning | H2R | camel | Human Resources | SFSF | LMS | Learner Profile, Course Catalog<, Course Completion<, Certification Expiry<, Curriculum Assignment, Instructor
TimeManagement | Time Management | TIME | underscore | Human Resources | KRONOS | SFSF | Time Events, Shift Plan<, Overtime Balance, Absence Request<, Holiday Calendar<, Terminal Status
Recruiting | Recruiting | REC | camel | Human Resources | SFSF | ENTRA | New Hire Account, Candidate Document, Onboarding Task, Equipment Order, Leaver Account, Offer Letter
RecordToReport | Record to Report | R2R | underscore | Finance | S4 | BW | General Ledger Actuals, Trial Balance, Intercompany Reconciliation, Cost Allocation, Asset Depreciation, Consolidation Package, Plan Values<
BankConnectivity | Bank Connectivity | BNK | underscore | Finance | S4 | BANK | Payment Order pain001, Bank Statement camt053<, Intraday Statement camt052<, Payment Status pain002<, Direct Debit pain008, Lockbox<, Bank Fee Report<
Treasury | Treasury | TRE | camel | Finance | BANK | S4 | Exchange Rates, Interest Rates, Money Market Deal, Letter of Credit, Cash Position<, Guarantee Status
TaxReporting | Tax and Statutory Reporting | TAX | dotted | Finance | S4 | TAX | Tax Determination, VAT Return, Intrastat Declaration, Withholding Tax, SAF-T Export, Sales Tax Jurisdiction<
EInvoicingEurope | E-Invoicing Europe | EINV | underscore | Finance | S4 | GOV | Invoice Italy FatturaPA, Invoice Poland KSeF, Invoice Spain SII, Invoice France Chorus, Invoice Romania RO, Peppol Inbound<, Peppol Status<
EDIAutomotive | EDI Customers Automotive | EDI | underscore | Sales | EDI | S4 | VDA 4905 Delivery Forecast, VDA 4913 Delivery Note<, DELFOR D04A, DELJIT D97A, DESADV D07A<, INVOIC D07A<, VDA 4987 Despatch<
EDIRetail | EDI Customers Retail | EDI | underscore | Sales | EDI | S4 | ORDERS D96A, ORDRSP D96A<, DESADV D96A<, INVOIC D96A<, PRICAT D96A<, SLSRPT D96A, X12 850 Purchase Order
EDISuppliers | EDI Suppliers | EDI | underscore | Sourcing and Procurement | S4 | EDI | X12 830 Forecast, X12 862 Shipping Schedule, X12 856 Ship Notice<, X12 810 Invoice<, X12 997 Acknowledgement<, ORDCHG D01B, RECADV D01B
LogisticsPartners | Logistics Partners | LOG | dotted | Supply Chain | TM | EDI | Freight Order, Freight Invoice<, Shipment Tracking<, Load Tender, Customs Declaration, Container Status<, Carrier Rate<
TransportPlanning | Transport Planning | TM | camel | Supply Chain | S4 | TM | Freight Unit, Transport Cost<, Route Master, Dock Appointment<, Carrier Master, Freight Settlement<
PlanToProduceShopFloor | Plan to Produce - Shop Floor | P2M | dotted | Manufacturing | S4 | MES | Production Order, Order Confirmation Shop Floor<, Material Consumption<, Machine Downtime<, Bill of Material, Routing, Scrap Report<
PlanToProduceQuality | Plan to Produce - Quality | QM | camel | Manufacturing | MES | S4 | Inspection Lot<, Inspection Result, Quality Notification, Calibration Record, Batch Characteristics, Defect Code<
WarehouseManagement | Warehouse Management | WM | underscore | Supply Chain | EWM | S4 | Stock Reconciliation, Physical Inventory, Goods Movement, Handling Unit, Replenishment Request, Warehouse Task Status, Storage Bin Master
DemandPlanning | Demand Planning | DP | camel | Supply Chain | S4 | IBP | Sales History, Forecast<, Planned Orders<, Inventory Snapshot, Product Location Master, Safety Stock<, Capacity Data
MaterialMaster | Master Data - Materials | MD | underscore | Master Data | MDG | S4 | Material Create, Material Change, Material Classification, Unit of Measure, Product Hierarchy, Material Price<, Plant Extension
BusinessPartnerMaster | Master Data - Business Partners | MD | underscore | Master Data | MDG | SFDC | Business Partner Create, Business Partner Change, Duplicate Check<, Address Validation<, Sales Area, Contact Person<, Consent Status<
FinanceMaster | Master Data - Finance | MD | underscore | Master Data | MDG | S4 | GL Account, Profit Center, Cost Element, Company Code, Segment, Bank Key
FieldService | Field Service | FSM | camel | Service | S4 | FSM | Service Order, Service Confirmation<, Equipment Master, Spare Part Stock, Technician Calendar<, Service Contract, Measurement Reading<
Marketing | Marketing and Campaigns | MKT | dotted | Marketing | SFDC | CC | Campaign Member, Newsletter Consent<, Lead Scoring<, Event Registration<, Voucher Code, Customer Segment
WebShop | Web Shop | SHOP | dotted | Commerce | CC | S4 | Shop Order, Shop Customer, Stock Availability<, Price Request, Return Request, Product Content<, Order Tracking<
TravelExpense | Travel and Expense | TE | camel | Finance | CONCUR | S4 | Expense Report, Cash Advance, Employee Import<, Cost Object Import<, Travel Booking, Corporate Card Feed, Attendee List
AssetManagement | Asset Management | AM | underscore | Asset Management | S4 | SNOW | Maintenance Order, Maintenance Notification<, Functional Location, Asset Capitalization, Software License<, Inspection Plan
ProductLifecycle | Product Lifecycle | PLM | camel | R&D and Engineering | PLM | S4 | Engineering Change, Engineering Bill of Material, Document Info Record, CAD Drawing, Material Revision, Substance Compliance, Variant Configuration
Sustainability | Sustainability Reporting | ESG | dotted | Sustainability | S4 | DATALAKE | Energy Consumption, Carbon Footprint, Waste Quantities, Supplier Emissions<, Water Usage, Business Travel Emissions
IdentityAccess | Identity and Access | IAM | dotted | IT | SFSF | ENTRA | User Provisioning, Role Assignment, Group Membership<, Access Review<, Manager Change, Contractor Account
ServiceDesk | Service Desk | ITSM | camel | IT | SNOW | S4 | Incident, Change Request, Configuration Item<, Interface Alert<, User Request, Transport Approval
DataLakeExtraction | Data Lake Extraction | DL | underscore | IT | S4 | DATALAKE | Sales Documents, Purchasing Documents, Finance Line Items, Stock Levels, Delivery Documents, Material Ledger
S4HANASuccessFactorsStandard | SAP S/4HANA Integration with SAP SuccessFactors Employee Central | SAP | dotted | Human Resources | SFSF | S4 | Employee Key Data Query, Employee Master Data, Organizational Data, Cost Center Replication<, Business Partner Employment, Confirmation of Replication<
`;

/** The packages of the company. The last one comes from SAP and cannot be changed. */
export const processes: Process[] = lines.trim().split('\n').map(processOf);

function processOf(line: string): Process {
  const [packageId = '', name = '', prefix = '', style = '', lineOfBusiness = '', from = '', to = '', topics = ''] =
    line.split('|').map((part) => part.trim());
  const list = topics.split(',').map((topic) => topic.trim());
  return { packageId, name, prefix, style: style as IdStyle, lineOfBusiness, from, to, topics: list };
}
